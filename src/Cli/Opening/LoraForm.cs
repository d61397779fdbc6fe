using System.Globalization;

namespace LoraCollab.Cli.Opening;

/// <summary>The form of the adapter that a command trains.</summary>
internal static class LoraForm
{
    /// <summary>The adapter that a command's training starts from, with the dropout it is trained with; null: a fresh one.</summary>
    /// <param name="folder">What --adapter says.</param>
    /// <param name="lora">What the options say.</param>
    /// <param name="given">Which of them were given.</param>
    /// <exception cref="UserException">It is damaged, does not fit the model, cannot be trained, or has another form than the options say.</exception>
    public static PeftAdapter? Start(string? folder, LoraOptions lora, OptionValues given, GptConfig model)
    {
        if (folder is null) return null;
        var start = PeftAdapter.Load(folder, model);
        start.RequireTrainable(folder);
        var own = start.Options;
        string? other = given.Has("rank") && lora.Rank != own.Rank ? "rank" : given.Has("alpha") && lora.Alpha != own.Alpha ? "alpha"
            : given.Has("targets") && lora.Targets != own.Targets ? "targets" : null;
        return other is null ? start with { Options = own with { Dropout = given.Has("lora-dropout") ? lora.Dropout : own.Dropout } }
            : throw new OptionException(other, null, $"the adapter {folder} has rank {own.Rank}, alpha {own.Alpha.ToString(CultureInfo.InvariantCulture)} and "
                + $"targets {Word(own.Targets)}, which cannot be changed; leave --{other} out");
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
}
