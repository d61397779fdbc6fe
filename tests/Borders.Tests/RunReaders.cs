using LoraCollab.Testing.Damage;

namespace LoraCollab.Borders.Tests;

/// <summary>What runs, experiments and profiles have written.</summary>
internal static class RunReaders
{
    public static IReadOnlyList<ReaderCase> All { get; } =
    [
        Record("config.json of a run", FileForm.Json, "config.json", "RunRecord.Read", "RunJson.Parse", "OwnJson.Parse", "RunFolder.Stored"),
        Record("manifest.json", FileForm.Json, "manifest.json"),
        Record("metrics.jsonl", FileForm.JsonLines, "metrics.jsonl", "RunLog.Read", "RunJson.ParseLine"),
        Record("trust.jsonl", FileForm.JsonLines, "trust.jsonl"),
        Record("ledger.jsonl", FileForm.JsonLines, "ledger.jsonl"),
        Record("summary.json", FileForm.Json, "summary.json", "RunFolder.ReadSummary"),
        Record("comparators.json", FileForm.Json, "comparators.json", "RunFolder.ReadComparators"),
        Record("trust-after-local.jsonl", FileForm.JsonLines, RunRecord.AfterLocalFile),
        new("source.json", FileForm.Json, "run/source.json", ["RunFolder.ReadSource"], c => Assert.All(RunFolder.ReadSource(c.At("run")), s =>
            Assert.NotNull(s.Key))),
        new("adapters of a round", FileForm.Safetensors, "run/rounds/fedavg/4.safetensors", ["RoundFile.Read", "TrustReplay.Rounds"],
            c => RoundFile.Read(c.At("run", "rounds", "fedavg", "4.safetensors"), LoraLayout.Of(c.Right.Config, c.Right.Adapter.Options), [0, 1])),
        new("checkpoint's index", FileForm.Json, "stopped/checkpoints/index.json", ["Checkpoints.Load"], Resume),
        new("checkpoint's index, sealed anew", FileForm.Json, "unsealed/index.json", ["Checkpoints.Parse"], c =>
        {
            string file = c.At("unsealed", "index.json");
            string text = TextFile.Read(file);
            var found = Checkpoint.Parse(file, text.Contains('}') ? SealedJson.Seal(text) : text);
            RunConsistency.Require(file, found.Progress, Identity(c).Options, 2);
        }),
        new("checkpoint's index, verified", FileForm.Json, "stopped/checkpoints/index.json", ["RunVerification.OfCheckpoints"],
            c => Assert.NotNull(RunVerification.Of(c.At("stopped")).Faults)),
        new("log of a run that is made again", FileForm.JsonLines, "run/trust.jsonl", ["RunVerification.Lines", "RunVerification.Place"],
            c => Assert.NotNull(RunVerification.Differences(c.At("run"), c.Right.At("run")).ToArray())),
        new("adapter of a run without hashes, verified", FileForm.Safetensors, "run/adapters/fedavg/client_1/adapter_model.safetensors",
            ["RunVerification.TensorFault"], c => Assert.NotNull(RunVerification.Of(WithoutHashes(c)).Faults)),
        new("shared checkpoint", FileForm.Safetensors, "stopped/checkpoints/shared.safetensors", ["Checkpoints.LoadShared"],
            c => TensorBag.Load(c.At("stopped", "checkpoints", "shared.safetensors"))),
        new("config.json of a stopped run", FileForm.Json, "stopped/config.json", [], Resume),
        new("texts of a trust probe", FileForm.Safetensors, "probe.safetensors", ["ProbeData.ProbeData"], c =>
        {
            using var probe = new ProbeData(c.At("probe.safetensors"));
            Assert.Equal(probe.Validation(0).Inputs.Length, probe.Validation(0).Targets.Length);
            Assert.True(probe.Reference().Length > 0);
        }),
        new("checkpoint of a training", FileForm.Safetensors, "training/checkpoint.safetensors", ["TrainingCheckpoint.Load"], Train),
        new("metrics of a training", FileForm.JsonLines, "training/metrics.jsonl", ["TrainingFolder.Foreign",
            "TrainingFolder.IsOurs"], Train),
        new("experiment.json", FileForm.Json, "experiment/experiment.json", ["Experiment.Read"], c =>
            Assert.NotNull(ExperimentSet.Of(Experiment.Read(c.At("experiment")), c.At("experiment"))))
        {
            With = ["experiment/runs"],
        },
        new("profile.json", FileForm.Json, "profile/profile.json", ["ProfileFile.Read", "ProfileCommand.Compared"], c =>
            Assert.NotNull(ProfileFile.Read(c.At("profile", "profile.json")).OutsideShare().ToString())),
        new("preset", FileForm.Json, "preset.json", ["Preset.Read"], c =>
        {
            var preset = Preset.Read(c.At("preset.json"));
            foreach (string scale in preset.Scales.Keys) Assert.NotNull(preset.OptionsFor(scale, "specific", "paper"));
        }),
    ];

    /// <summary>
    /// The run as one of an earlier version: with hashes every damaged file would be refused for them alone, and nothing behind that be tried.
    /// </summary>
    private static string WithoutHashes(ReaderContext c)
    {
        File.Delete(c.At("run", FileHashes.FileName));
        return c.At("run");
    }

    /// <summary>A file of a finished run, read with the others, and what a report says of it.</summary>
    private static ReaderCase Record(string name, FileForm form, string file, params string[] members) => new(name, form, "run/" + file, members, c =>
    {
        var run = RunRecord.Read(WithoutHashes(c));
        var rounds = RoundStatistics.Of(run);
        Assert.NotNull(RunTables.Result(run));
        Assert.NotNull(RunTables.Clients(run));
        Assert.NotNull(RunTables.Rounds(run, rounds));
        Assert.NotNull(RunTitle.Of(run));
        Assert.NotNull(PerplexityFigure.Of(run));
        Assert.All((IEnumerable<ReportFigure>)[.. CurveFigures.Of(run), .. TrustFigures.Of(run), .. TrustFigures.AfterLocal(run), .. BytesFigures.Of(run)],
            Assert.NotNull);
        StatisticsFigure.Of(run, rounds);
    })
    {
        With = ["run/config.json", "run/manifest.json", "run/metrics.jsonl", "run/trust.jsonl", "run/ledger.jsonl", "run/summary.json",
            "run/comparators.json", "run/trust-after-local.jsonl"],
    };

    private static RunIdentity Identity(ReaderContext c) => RunJson.Parse<RunIdentity>("config.json", File.ReadAllText(c.Right.At("stopped", "config.json")));

    private static void Resume(ReaderContext c)
    {
        var identity = Identity(c);
        using var folder = RunFolder.Open(identity, new RunSettings { Out = c.At("stopped"), Resume = true });
        new Checkpoints(folder).Load(identity.Options, 2, _ => { });
    }

    /// <summary>On a copy, since what is read is also put in order.</summary>
    private static void Train(ReaderContext c)
    {
        string copy = c.At("copy", "training");
        if (Directory.Exists(copy)) Directory.Delete(copy, recursive: true);
        Directory.CreateDirectory(copy);
        foreach (string file in Directory.EnumerateFiles(c.At("training"))) File.Copy(file, Path.Combine(copy, Path.GetFileName(file)));
        TrainingCheckpoint.Load(c.Right.At("training", "checkpoint.safetensors"), out string identity);
        using var folder = TrainingFolder.Open(copy, resume: true, fresh: false, identity, _ => { });
        Assert.NotNull(folder.Last?.Log);
    }
}
