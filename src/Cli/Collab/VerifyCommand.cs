namespace LoraCollab.Cli.Collab;

[Verb("verify", "Is the folder of a run what was written into it, and does the run, made again, have the same bits?")]
[Example("Exit code 0: intact; 1: damaged, with what and where; 2: no such folder", "--run runs/ID")]
[Example("Is the result what this machine makes of the same command?", "--run runs/ID --rerun")]
internal sealed class VerifyCommand : Command
{
    [RunOption]
    public string? RunPath { get; init; }

    [Option("rerun", OptionGroup.Training, "Of a finished run of collab: also make it again, in a folder that is thrown away, and say where the bits part.",
        Common = true)]
    public bool Rerun { get; init; }

    [Options(Default = "the run's")]
    public SourceOptions Source { get; init; } = new();

    [Options]
    public BackendChoice Machine { get; init; } = new();

    public override int Run(CommandContext context)
    {
        string folder = Required("run", "the folder of a run of collab, train or pretrain");
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
        var given = RunSource.Filled(Given, folder);
        var machine = Machine with { Standard = run.Identity.Backend };
        string again = Directory.CreateTempSubdirectory("loracollab-verify-").FullName;
        try
        {
            using var setup = CollabSetup.Of(OptionTable.Read(new SourceOptions(), given), given, run.Identity.Options,
                new RunSettings { Out = again, Threads = machine.Threads }, machine,
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
