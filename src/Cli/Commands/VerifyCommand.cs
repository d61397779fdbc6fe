using CommandLine;
using CommandLine.Text;

namespace LoraCollab.Cli.Commands;

[Verb("verify", HelpText = "Is the folder of a run what was written into it, and does the run, made again, have the same bits?")]
internal sealed class VerifyCommand : Command, IRunOption, ISourceOptions, IBackendOptions
{
    public string? RunPath { get; set; }

    [Option("rerun", HelpText = "Of a finished run of collab: also make it again, in a folder that is thrown away, and say where the bits part.")]
    public bool Rerun { get; set; }

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
        new("Exit code 0: intact; 1: damaged, with what and where; 2: no such folder", new VerifyCommand { RunPath = "runs/ID" }),
        new("Is the result what this machine makes of the same command?", new VerifyCommand { RunPath = "runs/ID", Rerun = true }),
    ];

    public override int Run(CommandContext context)
    {
        string folder = Required.Option("verify", "--run", RunPath, "the folder of a run of collab, train or pretrain");
        if (!Directory.Exists(folder)) throw new UserException($"--run {folder}: there is no such folder");
        var verdict = TrainingFolder.Verify(folder)
            ?? (RunVerification.IsRun(folder) ? RunVerification.Of(folder) : FolderVerdict.OfHashes("a finished run", folder));
        if (verdict is null)
            throw new UserException($"--run {folder}: expected the folder of a run of collab, train or pretrain, "
                + "found neither config.json of a run nor metrics.jsonl of a training");
        var differences = Rerun ? Repeat(context, folder, verdict) : null;
        if (Json) context.Out.WriteLine(JsonText.Line(Result(verdict, differences)));
        else Write(context.Out, folder, verdict, differences);
        return verdict.Faults.Count == 0 && differences is null or { Count: 0 } ? ExitCode.Success : ExitCode.Failed;
    }

    private IReadOnlyList<string>? Repeat(CommandContext context, string folder, FolderVerdict verdict)
    {
        if (!RunVerification.IsRun(folder))
            throw new UserException($"--rerun: {folder} is {verdict.What}; only a finished run of collab keeps what it was made of");
        if (verdict.Faults.Count > 0) return null;
        var run = RunRecord.Read(folder);
        RunSource.Fill(this, folder);
        var choice = BackendChoice.Of(this, run.Identity.Backend);
        string again = Directory.CreateTempSubdirectory("loracollab-verify-").FullName;
        try
        {
            using var setup = CollabSetup.Of(this, run.Identity.Options, new RunSettings { Out = again, Threads = choice.Threads }, choice,
                model => CollabSetup.StartOf(run, model));
            string id = setup.Collaboration.Identity.Id();
            if (id != run.Identity.Id())
                throw new UserException($"--rerun: model, text, tokenizer or backend are not those of the run {run.Identity.Id()}: "
                    + $"with them it would be {id}; name where they are");
            var stop = context.StopGracefully();
            ProgressView.Watch(context.Terminal, Quiet || Json, progress => setup.Collaboration.Run(new ProgressObserver(progress, setup.Collaboration), stop));
            return [.. RunVerification.Differences(folder, again)];
        }
        finally
        {
            Directory.Delete(again, recursive: true);
        }
    }

    private static object Result(FolderVerdict verdict, IReadOnlyList<string>? differences) => new
    {
        what = verdict.What,
        intact = verdict.Faults.Count == 0,
        files_checked = verdict.Checked,
        damaged = verdict.Faults.Select(f => new { file = f.File, fault = f.Fault }),
        notes = verdict.Notes,
        same_bits = differences is null ? (bool?)null : differences.Count == 0,
        differences,
    };

    private void Write(TextWriter output, string folder, FolderVerdict verdict, IReadOnlyList<string>? differences)
    {
        foreach (var (file, fault) in verdict.Faults) output.WriteLine($"{Path.Combine(folder, file)}: {fault}");
        foreach (string note in verdict.Notes) output.WriteLine($"note: {note}");
        output.WriteLine(verdict.Faults.Count > 0 ? $"damaged: {folder}, {verdict.What}"
            : $"intact: {folder}, {verdict.What}{(verdict.Checked == 0 ? "" : $"; {Format.Count(verdict.Checked)} files are what was written")}");
        if (differences is null) return;
        foreach (string difference in differences.Take(Quiet ? 1 : 10)) output.WriteLine(difference);
        output.WriteLine(differences.Count == 0 ? "run again: the same bits in adapters, trust, ledger and losses"
            : $"run again: the bits part first in {differences[0].Split(':')[0]}; {differences.Count} differences");
    }
}
