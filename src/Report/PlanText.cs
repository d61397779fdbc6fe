namespace LoraCollab.Report;

/// <summary>What a run is going to do, in a few lines.</summary>
public sealed class PlanText(string model, GptConfig config, ClientManifest data, Collaboration collaboration)
{
    private readonly CollaborationOptions options = collaboration.Options;

    public required string Backend { get; init; }

    /// <summary>The folder of the adapter that every client starts from; null: a fresh one.</summary>
    public string? Start { get; init; }

    /// <summary>Estimated seconds of the run; null where its result is stored already.</summary>
    public required double? Seconds { get; init; }

    public void Write(Terminal terminal)
    {
        var plan = collaboration.Plan;
        string trust = options.Compat.IsPaper(Trap.SharedValidation) ? "" : $"{Tokens(c => c.TrustValidation)} trust-validation, ";
        terminal.Out.WriteLine($"{Format.Several(data.Clients.Count, "client")} of {ForeignText.Name(data.Data)} ({ForeignText.Name(data.Distribution)}) "
            + $"on {ForeignText.Name(model)}, "
            + $"a GPT-2 of {Format.Count(config.Layout().Length)} parameters; {options.Compat}, seed {options.Seed}");
        terminal.Out.WriteLine();
        Line(terminal, "schemes", string.Join(", ", options.Schemes));
        Line(terminal, "text", $"{Tokens(c => c.Train)} training, {trust}{Tokens(c => c.ReportValidation)} report tokens a client; "
            + $"{Format.Count(data.Reference.Tokens)} public");
        Line(terminal, "adapters", $"rank {options.Rank} on {Targets(options.Targets)}: {Format.Count(plan.AdapterParameters)} parameters, "
            + $"{Format.Bytes(4.0 * plan.AdapterParameters)} a client"
            + (Start is null ? "" : $"; all start from {ForeignText.Name(ShortPath.Of(Start))}"));
        if (Uploads() is { Length: > 0 } uploads) Line(terminal, "uploads", uploads);
        if (Failing() is { Length: > 0 } failing) Line(terminal, "clients", failing);
        Line(terminal, "steps", $"{Format.Count(plan.Steps)} of {options.BatchSize * options.AccumulationSteps} × {options.SequenceLength} tokens: "
            + $"{options.Iterations} a client and scheme, the first {options.SharedIterations} shared by all schemes; aggregations after {Aggregations()}");
        Line(terminal, "time", Seconds is { } seconds ? $"about {Format.Duration(TimeSpan.FromSeconds(seconds))} on {Backend}" : "none: the result is stored");
        Line(terminal, "memory", $"about {Format.Bytes(plan.Memory.Total)} ({plan.Memory})");
        Line(terminal, "disk", $"about {Format.Bytes(plan.DiskBytes)} in {collaboration.Folder}");
        terminal.Out.WriteLine();
    }

    private static void Line(Terminal terminal, string name, string value) => terminal.Out.WriteLine($"  {name,-9} {value}");

    private string Tokens(Func<ClientSummary, SplitSummary> split)
    {
        int least = data.Clients.Min(c => split(c).Tokens), most = data.Clients.Max(c => split(c).Tokens);
        return least == most ? Format.Count(least) : $"{Format.Count(least)}–{Format.Count(most)}";
    }

    private string Uploads() => string.Join("; ", ((string?[])
    [
        options.Upload,
        options.DpClip is { } clip ? $"changes clipped to norm {Format.Short(clip)}, noise {Format.Short(options.DpNoise!.Value)} times that" : null,
        options.UploadCheck == false ? "not checked" : options.UploadNorm is { } norm ? $"changes at most {Format.Short(norm)} times the median norm" : null,
        options.OnBadUpload == BadUploadRule.Exclude ? "who sends a bad one is excluded" : null,
    ]).OfType<string>());

    private string Failing() => string.Join("; ", ((string?[])
    [
        options.Absent is { } share ? $"{Participation.Silent(share, data.Clients.Count)} of {data.Clients.Count} silent in each round, drawn anew" : null,
        options.Attack is { } attack ? $"the last {(options.Attackers == 1 ? "one attacks" : $"{options.Attackers} attack")} ({attack})" : null,
    ]).OfType<string>());

    private string Aggregations()
    {
        int[] all = [.. options.Aggregations()];
        return all.Length <= 8 ? string.Join(", ", all) : $"{all[0]}, {all[1]}, {all[2]} … {all[^1]} ({all.Length})";
    }

    private static string Targets(LoraTargets? targets) => targets switch
    {
        LoraTargets.Attention => "the attention projections",
        LoraTargets.All => "all projections",
        _ => $"{targets}",
    };
}
