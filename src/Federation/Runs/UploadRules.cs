namespace LoraCollab.Federation.Runs;

/// <summary>Refuses options of uploads that make no run, and decides what is left open.</summary>
internal static class UploadRules
{
    private const double DefaultDelta = 1e-5;

    /// <exception cref="UserException">A value is out of range, or contradicts another.</exception>
    public static CollaborationOptions Resolve(CollaborationOptions o)
    {
        o = Failing(o);
        bool sendsChange = o.Upload is { } text && UploadCodecs.Parse(text, new FlatLayout()).SendsChange;
        if (sendsChange && o.Exchange == ExchangeModel.Peers)
            throw new OptionException("upload", o.Upload, "with the exchange peers a change cannot be read, as peers do not know what it is a change of; "
                + "give the exchange server, or another upload");
        if (o.DpClip is null)
            return o.DpNoise is null && o.DpDelta is null ? o with { Upload = Named(o.Upload) }
                : throw new OptionException(o.DpNoise is null ? "dp-delta" : "dp-noise", o.DpNoise ?? o.DpDelta,
                    "noise is measured against the norm that changes are clipped to; give dp clip too");
        if (o.DpNoise is null)
            throw new OptionException("dp-noise", null, "none beside dp clip, and clipping alone hides nothing; give it, 0 if nothing is to be hidden");
        if (o.OptimizerState == OptimizerStateRule.Aggregate)
            throw new OptionException("optimizer-state", "aggregate", "with dp clip the moments of AdamW would be sent without noise; give keep or reset");
        return o with { Upload = Named(o.Upload), DpDelta = o.DpDelta ?? DefaultDelta };
    }

    /// <exception cref="UserException">More attackers or silent clients than the run can bear, or none.</exception>
    public static void RequireClients(CollaborationOptions o, int clients)
    {
        if (o.Attackers >= clients)
            throw new OptionException("attackers", o.Attackers,
                $"there are {clients} clients, one of them at least must be honest; give at most {clients - 1}");
        if (o.Absent is not { } share) return;
        int silent = Participation.Silent(share, clients);
        if (silent < 1 || clients - silent < 2)
            throw new OptionException("absent", share, $"of {clients} clients {silent} would be silent in a round; "
                + (clients < 3 ? "at least two must take part, so that it needs three clients" : "at least one must be, and at least two take part"));
    }

    /// <summary>What is done anyway is null, so that naming it makes no other run.</summary>
    private static CollaborationOptions Failing(CollaborationOptions o)
    {
        if (o.UploadCheck == false && (o.UploadNorm is not null || o.OnBadUpload is not null))
            throw new OptionException(o.UploadNorm is null ? "on-bad-upload" : "upload-norm",
                (object?)o.UploadNorm ?? o.OnBadUpload.ToString()!.ToLowerInvariant(),
                "nothing is checked, as the upload check is off; leave one of the two out");
        if (o.Attackers is not null && o.Attack is null)
            throw new OptionException("attackers", o.Attackers, "nobody attacks; name the attack, or leave attackers out");
        return o with
        {
            UploadCheck = o.UploadCheck == false ? false : null,
            UploadNorm = o.UploadNorm == Exchange.UploadCheck.DefaultNorm ? null : o.UploadNorm,
            OnBadUpload = o.OnBadUpload == BadUploadRule.Stop ? null : o.OnBadUpload,
            Attack = o.Attack is null ? null : Attack.Parse(o.Attack).ToString(),
            Attackers = o.Attack is null ? null : o.Attackers ?? 1,
        };
    }

    /// <summary>Null for what is sent anyway, so that naming it makes no other run.</summary>
    private static string? Named(string? upload) => upload == UploadCodecs.Default ? null : upload;
}
