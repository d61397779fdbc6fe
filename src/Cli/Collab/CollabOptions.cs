
namespace LoraCollab.Cli.Collab;

/// <summary>The options of `collab`, which the commands that repeat it share.</summary>
internal abstract class CollabOptions : Command
{
    /// <summary>Where a run is kept and how its output looks: no part of what it is.</summary>
    private static readonly string[] s_handling = ["out", "threads", "checkpoint-every", "resume", "fresh", "dry-run", "json", "quiet", "debug"];

    [Options]
    public SourceOptions Source { get; init; } = new();

    [AdapterOption]
    public string? Adapter { get; init; }

    [Options]
    public CollaborationOptions Options { get; init; } = new();

    [Option("comparators", OptionGroup.Training,
        "Also train without collaboration, for comparison: pooled_category, pooled_all, pooled_all_epochs (N times the steps), "
        + "local_with_trust_text, local_with_public_text, fedavg_finetuned.", Value = "A,B", Default = "none",
        Choices = [ComparatorNames.PooledCategory, ComparatorNames.PooledAll, ComparatorNames.PooledAllEpochs, ComparatorNames.LocalWithTrustText,
            ComparatorNames.LocalWithPublicText, ComparatorNames.FedAvgFineTuned])]
    public IReadOnlyList<string> Comparators { get; init; } = [];

    [Option("pretraining-text", OptionGroup.Data,
        "What the model was pretrained on, named as for --data: the result is marked with the share of documents that also "
        + "stand in it.", Value = "WHAT", Default = "not checked")]
    public string? PretrainingText { get; init; }

    [Options]
    public CheckedBackendChoice Machine { get; init; } = new();

    [Options]
    public RunSettings Settings { get; init; } = new();

    [DryRunOption]
    public bool DryRun { get; init; }

    /// <exception cref="OptionException">One seed is given to a command that runs several.</exception>
    protected void RequireNoSeed()
    {
        if (Given["seed"] is { } seed) throw new OptionException("seed", seed, $"this command runs several seeds; give --seeds {seed}");
    }

    /// <summary>Those options that `collab` has, to be changed for one run of several.</summary>
    protected OptionValues OfCollab()
    {
        var run = new OptionValues(Given);
        return run.Remove([.. run.Names.Where(name => OptionTable.Find(typeof(CollabCommand), name) is null)]);
    }

    /// <summary>The collab command line that makes this very run, wherever it is kept: "loracollab collab --data news --seed 3".</summary>
    public static string CommandLineOf(OptionValues run) => "loracollab collab" + CommandWords.Of(new OptionValues(run).Remove(s_handling));
}
