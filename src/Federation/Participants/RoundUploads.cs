namespace LoraCollab.Federation.Participants;

/// <summary>What the clients of a round send, after the check: nobody sees anything else of their adapters.</summary>
/// <param name="Who">Whose uploads count.</param>
/// <param name="Good">[M]: these.</param>
/// <param name="Refused">The others, with the reason.</param>
/// <param name="Largest">Of <see cref="UploadVerdict.Largest"/>; null where nothing was measured.</param>
internal sealed record RoundUploads(Participation Who, IReadOnlyList<Upload> Good, IReadOnlyList<(Exclusion Why, Upload Upload)> Refused, double? Largest)
{
    /// <summary>Something a person should know; null: nothing.</summary>
    public string? Note { get; init; }

    /// <param name="clients">All of the run.</param>
    /// <param name="from">Numbers of an adapter before this one do not travel.</param>
    /// <param name="moments">Whether AdamW's moments travel too.</param>
    /// <param name="who">Who sends.</param>
    /// <exception cref="CollaborationFailedException">An upload is bad and the run is to stop, or all are.</exception>
    public static RoundUploads Collect(
        CollaborationOptions options, IReadOnlyList<Client> clients, FlatLayout layout, int from, bool moments, string scheme, int iteration, int round,
        Participation who)
    {
        var (senders, uploads) = (who.Of(clients), Send(options, clients, layout, from, iteration, who));
        if (UploadCheck.Of(options) is not { } check) return new RoundUploads(who, uploads, [], null);
        var verdict = check.Judge(layout, [.. uploads.Select(u => u.Adapter)], [.. senders.Select(c => c.Anchor)], [.. senders.Select(c => c.Missed)]);
        string? OfMoments(Client client) => moments && !client.HasFiniteMoments() ? "its moments of AdamW are not finite" : null;
        string?[] faults = [.. senders.Select((c, i) => verdict.Faults[i] ?? OfMoments(c))];
        var refused = who.Present.Select((id, i) => (Why: new Exclusion(id, round, iteration, faults[i] ?? ""), Upload: uploads[i]))
            .Where((_, i) => faults[i] is not null).ToArray();
        string where = $"scheme {scheme}, round {round} (iteration {iteration})";
        string found = string.Join("; ", refused.Select(r => $"client {r.Why.Client}: {r.Why.Reason}"));
        if (refused.Length > 0 && options.OnBadUpload != BadUploadRule.Exclude)
            throw new CollaborationFailedException($"{where}, {found}") { IsBadUpload = true };
        if (refused.Length == uploads.Length) throw new CollaborationFailedException($"{where}: no upload is good: {found}");
        return new RoundUploads(who.Without(refused.Select(r => r.Why.Client)), [.. uploads.Where((_, i) => faults[i] is null)], refused,
            verdict.Unmeasured ? null : verdict.Largest)
        {
            Note = refused.Length > 0 ? $"{where}: left out from here on: {found}"
                : verdict.Unmeasured ? $"{where}: half of the clients sent no change, so that uploads are only checked for being finite" : null,
        };
    }

    private static Upload[] Send(CollaborationOptions options, IReadOnlyList<Client> clients, FlatLayout layout, int from, int iteration, Participation who)
    {
        var (channel, attack) = (UploadChannel.Of(options, layout, from), Attack.Of(options));
        return [.. who.Of(clients).Select(c =>
        {
            var upload = channel.Send(c.Upload(), c.Anchor, c.Unsent, c.Id, iteration);
            return c.Attacks ? attack!.Forge(upload, c.Anchor, from, options.Seed, c.Id, iteration) : upload;
        })];
    }
}
