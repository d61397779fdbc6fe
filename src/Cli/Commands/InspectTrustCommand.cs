using CommandLine;
using CommandLine.Text;

namespace LoraCollab.Cli.Commands;

/// <summary>
/// Goes back to a round of a finished run and takes the score of client J in client I's eyes apart; the parts sum to the score that was logged.
/// </summary>
[Verb("inspect trust", HelpText = "Why client I trusted client J as it did: inspect trust I J, from a finished run.")]
internal sealed class InspectTrustCommand : Command, IRunOption, ISourceOptions, IOutOption, IBackendOptions
{
    public string? RunPath { get; set; }

    [Option("scheme", MetaValue = "A,B", HelpText = SchemeOption.Help)]
    public string? Scheme { get; set; }

    [Option("round", MetaValue = "R", HelpText = "Which aggregation, from 1. Default: the last.")]
    public string? Round { get; set; }

    [Option("top", MetaValue = "N", HelpText = "Rows of the list of what matters most. Default: 10.")]
    public string? Top { get; set; }

    public string? Out { get; set; }
    public string? Model { get; set; }
    public string? Tokenizer { get; set; }
    public string? Data { get; set; }
    public string? TextField { get; set; }
    public string? CategoryField { get; set; }
    public string? Distribution { get; set; }
    public string? Clients { get; set; }
    public string? TrainTokens { get; set; }
    public string? TrustTokens { get; set; }
    public string? ReportTokens { get; set; }
    public string? PublicTokens { get; set; }
    public string? Conflict { get; set; }
    public string? Categories { get; set; }
    public string? Backend { get; set; }
    public string? Threads { get; set; }

    [Usage(ApplicationAlias = "loracollab")]
    public static IEnumerable<Example> Examples =>
    [
        new("Every scheme's reasons at the last aggregation", new InspectTrustCommand { Words = ["0", "1"], RunPath = "runs/ID" }),
        new("The positions at which two clients' predictions differed at the first, with a picture",
            new InspectTrustCommand { Words = ["0", "3"], RunPath = "runs/ID", Scheme = "prediction", Round = "1", Out = "why" }),
    ];

    internal override int MostWords => 2;

    public override int Run(CommandContext context)
    {
        if (Words.ToArray() is not [var first, var second])
            throw new UsageException("inspect trust: give two clients, who trusts and who is trusted, by their numbers from 0",
                "loracollab inspect trust 0 1 --run runs/ID");
        int i = Numbers.Whole("I", first, 0, 0), j = Numbers.Whole("J", second, 0, 0), top = Numbers.Whole("--top", Top, 10);
        int? round = Round is null ? null : Numbers.Whole("--round", Round, 1);
        string folder = Required.Option("inspect trust", "--run", RunPath, "the folder of a finished run, such as runs/ID");
        string[]? asked = CollabOptionText.Schemes("--scheme", Scheme, TrustExplainer.Explained);
        if (Out is not null) WritableFolder.Require(Out);
        var run = RunRecord.Read(folder);
        string[] schemes = asked ?? [.. TrustExplainer.Explained.Where(s => run.RoundsOf(s).Count > 0)];
        if (schemes.Length == 0)
            throw new UserException($"{folder}: none of the schemes {string.Join(", ", TrustExplainer.Explained)} ran here, "
                + "and the scores of others are not explained");
        using var setup = CollabSetup.OfRun(run, this, null, this);
        var explainer = new TrustExplainer(setup.Collaboration, run);
        var stop = context.StopGracefully();
        var labels = TrustHeatmap.Labels(run.Manifest);
        var found = new List<TrustWhy>();
        foreach (string scheme in schemes)
        {
            found.Add(new TrustWhy(explainer.Explain(scheme, i, j, round, stop), labels, setup.Tokenizer));
            if (!Json) found[^1].Write(context.Terminal, top);
        }
        if (Json) context.Out.WriteLine(JsonText.Line(found.Select(f => f.Json())));
        if (Out is not null)
            using (FolderLock.Take(Out)) Save(found, top);
        if (Out is not null && !Json && !Quiet) context.Out.WriteLine($"written to {Out}");
        return ExitCode.Success;
    }

    private void Save(List<TrustWhy> found, int top)
    {
        AtomicFile.WriteText(Path.Combine(Out!, "trust.json"), JsonText.File(found.Select(f => f.Json())));
        foreach (var why in found) why.Draw(Out!, top);
    }
}
