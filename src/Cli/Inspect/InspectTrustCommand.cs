using System.Globalization;

namespace LoraCollab.Cli.Inspect;

/// <summary>
/// Goes back to a round of a finished run and takes the score of client J in client I's eyes apart; the parts sum to the score that was logged.
/// </summary>
[Verb("inspect trust", "Why client I trusted client J as it did, from a finished run.", Operands = "I J")]
[Example("Every scheme's reasons at the last aggregation", "0 1 --run runs/ID")]
[Example("The positions at which two clients' predictions differed at the first, with a picture",
    "0 3 --run runs/ID --schemes prediction --round 1 --out why")]
internal sealed class InspectTrustCommand : Command
{
    [RunOption]
    public string? RunPath { get; init; }

    [SchemesOption(Default = "each that ran and can be explained")]
    public string? Schemes { get; init; }

    [Option("round", OptionGroup.Trust, "Which aggregation, from 1.", Value = "R", Least = 1, Default = "the last")]
    public int? Round { get; init; }

    [TopOption]
    public int Top { get; init; } = 10;

    [OutOption]
    public string? Out { get; init; }

    [Options(Default = "the run's")]
    public SourceOptions Source { get; init; } = new();

    [Options]
    public BackendChoice Machine { get; init; } = new();

    public override int Run(CommandContext context)
    {
        if (Words is not [var first, var second])
            throw new UsageException("inspect trust: give two clients, who trusts and who is trusted, by their numbers from 0",
                "loracollab inspect trust 0 1 --run runs/ID");
        int i = Client("I", first), j = Client("J", second);
        string folder = Required("run", "the folder of a finished run, such as runs/ID");
        string[]? asked = SchemeNames.Of("schemes", Schemes, TrustExplainer.Explained);
        if (Out is not null) WritableFolder.Require(Out);
        var run = RunRecord.Read(folder);
        string[] schemes = asked ?? [.. TrustExplainer.Explained.Where(s => run.RoundsOf(s).Count > 0)];
        if (schemes.Length == 0)
            throw new UserException($"{folder}: none of the schemes {string.Join(", ", TrustExplainer.Explained)} ran here, "
                + "and the scores of others are not explained");
        using var setup = CollabSetup.OfRun(run, Given, Machine);
        var explainer = new TrustExplainer(setup.Collaboration, run);
        var stop = context.StopGracefully();
        var labels = TrustHeatmap.Labels(run.Manifest);
        var found = new List<TrustWhy>();
        foreach (string scheme in schemes)
        {
            found.Add(new TrustWhy(explainer.Explain(scheme, i, j, Round, stop), labels, setup.Tokenizer));
            if (!Json) found[^1].Write(context.Terminal, Top);
        }
        if (Json) context.Out.WriteLine(JsonText.Line(found.Select(f => f.Json())));
        if (Out is not null)
            using (FolderLock.Take(Out)) Save(found);
        if (Out is not null && !Json && !Quiet) context.Out.WriteLine($"written to {Out}");
        return ExitCode.Success;
    }

    private static int Client(string operand, string text) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int client) ? client
            : throw new UserException($"{operand} '{text}': expected a whole number of at least 0, the number of a client");

    private void Save(List<TrustWhy> found)
    {
        AtomicFile.WriteText(Path.Combine(Out!, "trust.json"), JsonText.File(found.Select(f => f.Json())));
        foreach (var why in found) why.Draw(Out!, Top);
    }
}
