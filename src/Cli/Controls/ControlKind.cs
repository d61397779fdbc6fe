using System.Globalization;

namespace LoraCollab.Cli.Controls;

/// <summary>A controlled experiment on the embedded news: how the text is dealt, so that what must come out is known.</summary>
/// <param name="Name">On the command line.</param>
/// <param name="Description">For a headline.</param>
/// <param name="Best">
/// The scheme that must be best: nobody, who does not know the categories, can beat it; null where collaboration inside categories must.
/// </param>
/// <param name="Deal">Sets the options that make it, where nothing else is given.</param>
internal sealed record ControlKind(string Name, string Description, string? Best, Action<CollabArguments> Deal)
{
    /// <summary>So scarce that a partner's text is worth a clear margin; see docs/controls.md.</summary>
    private const string ScarceTrainTokens = "2048";

    private const string AllTopics = "World,Sports,Business,Sci/Tech,Health,Culture,Travel,Weather";

    public static IReadOnlyList<ControlKind> All { get; } =
    [
        new("clustered", "four topics with two clients each", null, run => run.TrainTokens ??= ScarceTrainTokens),
        new("identical", "eight clients with the same mixture of four topics", "fedavg", run => run.Distribution ??= "uniform"),
        new("different", "eight topics with one client each", "local", OneClientEach),
    ];

    /// <exception cref="UserException">Another number of clients: some would share a topic, or some topics would have none.</exception>
    private static void OneClientEach(CollabArguments run)
    {
        run.Categories ??= AllTopics;
        string topics = run.Categories.StartsWith("top:", StringComparison.Ordinal) ? run.Categories[4..]
            : run.Categories.Split(',').Length.ToString(CultureInfo.InvariantCulture);
        if ((run.Clients ??= topics) != topics)
            throw new UserException($"--clients {run.Clients}: --kind different gives each of its {topics} topics one client; "
                + "leave --clients out, or name as many --categories");
    }

    public static ControlKind Parse(string? text) => Choice.Of("--kind", text, All[0], [.. All.Select(k => (k.Name, k))]);
}
