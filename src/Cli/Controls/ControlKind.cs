using System.Globalization;

namespace LoraCollab.Cli.Controls;

/// <summary>A controlled experiment on the embedded news: how the text is dealt, so that what must come out is known.</summary>
/// <param name="Name">On the command line.</param>
/// <param name="Description">For a headline.</param>
/// <param name="Best">
/// The scheme that must be best: nobody, who does not know the categories, can beat it; null where collaboration inside categories must.
/// </param>
/// <param name="Deal">Sets the options that make it, where nothing else is given.</param>
internal sealed record ControlKind(string Name, string Description, string? Best, Action<OptionValues> Deal)
{
    /// <summary>So scarce that a partner's text is worth a clear margin; see docs/controls.md.</summary>
    private const string ScarceTrainTokens = "2048";

    private const string AllTopics = "World,Sports,Business,Sci/Tech,Health,Culture,Travel,Weather";

    public static IReadOnlyList<ControlKind> All { get; } =
    [
        new("clustered", "four topics with two clients each", null, run => run.SetDefault("train-tokens", ScarceTrainTokens)),
        new("identical", "eight clients with the same mixture of four topics", StrategyRegistry.Mean, run => run.SetDefault("distribution", "uniform")),
        new("different", "eight topics with one client each", StrategyRegistry.Solo, OneClientEach),
    ];

    /// <exception cref="UserException">Another number of clients: some would share a topic, or some topics would have none.</exception>
    private static void OneClientEach(OptionValues run)
    {
        string categories = run.SetDefault("categories", AllTopics)["categories"]!;
        string topics = categories.StartsWith("top:", StringComparison.Ordinal) ? categories[4..]
            : categories.Split(',').Length.ToString(CultureInfo.InvariantCulture);
        if (run.SetDefault("clients", topics)["clients"] is var clients && clients != topics)
            throw new UserException($"--clients {clients}: --kind different gives each of its {topics} topics one client; "
                + "leave --clients out, or name as many --categories");
    }

    /// <param name="option">Its name.</param>
    /// <param name="text">What it says.</param>
    public static ControlKind Parse(string option, string text) => All.FirstOrDefault(k => k.Name == text)
        ?? throw OptionException.Unknown(option, text, All.Select(k => k.Name));

    public override string ToString() => Name;
}
