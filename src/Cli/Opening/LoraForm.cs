using System.Globalization;

namespace LoraCollab.Cli.Opening;

/// <summary>Reads the options that give an adapter its form.</summary>
internal static class LoraForm
{
    /// <param name="options">The command's.</param>
    /// <param name="standard">What holds where an option is not given; null: the defaults.</param>
    public static LoraOptions Of(ILoraOptions options, LoraOptions? standard = null)
    {
        standard ??= new LoraOptions();
        return standard with
        {
            Rank = Numbers.Whole("--rank", options.Rank, standard.Rank),
            Alpha = Numbers.Positive("--alpha", options.Alpha, standard.Alpha),
            Dropout = (float)Numbers.Dropout("--lora-dropout", options.LoraDropout, standard.Dropout),
            Targets = Targets(options.Targets) ?? standard.Targets,
        };
    }

    /// <summary>The adapter that a command's training starts from, with the dropout it is trained with; null: a fresh one.</summary>
    /// <exception cref="UserException">It is damaged, does not fit the model, cannot be trained, or has another form than the options say.</exception>
    public static PeftAdapter? Start<T>(T options, GptConfig model) where T : IAdapterOption, ILoraOptions
    {
        if (options.Adapter is not { } folder) return null;
        var start = PeftAdapter.Load(folder, model);
        start.RequireTrainable(folder);
        LoraOptions own = start.Options, given = Of(options, own);
        string? other = given.Rank != own.Rank ? "--rank" : given.Alpha != own.Alpha ? "--alpha" : given.Targets != own.Targets ? "--targets" : null;
        return other is null ? start with { Options = given }
            : throw new UserException($"{other}: the adapter {folder} has rank {own.Rank}, alpha {own.Alpha.ToString(CultureInfo.InvariantCulture)} and "
                + $"targets {Word(own.Targets)}, which cannot be changed; leave {other} out");
    }

    /// <summary>What training begins with: the adapter that it starts from, or a fresh one.</summary>
    public static void Begin(LoraAdapter adapter, PeftAdapter? start, ulong seed)
    {
        if (start is null) adapter.Initialise(LoraInitialisation.Inputs, seed, client: 0);
        else adapter.Set(start.Values);
    }

    private static string Word(LoraTargets targets) =>
        targets == LoraTargets.Attention ? "attn" : targets == LoraTargets.All ? "all"
            : string.Join(", ", Projections.All.Where(p => ((int)targets >> (int)p & 1) != 0));

    /// <summary>attn or all; null where --targets was not given.</summary>
    public static LoraTargets? Targets(string? text) =>
        Choice.Of<LoraTargets?>("--targets", text, null, ("attn", LoraTargets.Attention), ("all", LoraTargets.All));
}
