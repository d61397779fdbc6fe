using System.Text.Json;

namespace LoraCollab.Cli.Tests;

/// <summary>`reproduce` with the preset of two categories, on a small character model of one's own texts.</summary>
public sealed class ReproduceTests : IDisposable
{
    private readonly SmallModel model = new();

    public ReproduceTests() => model.Texts();

    public void Dispose() => model.Dispose();

    private string[] Reproduce(string folder, params string[] more) =>
    [
        "reproduce", "--family", "codewiki", "--data", model.At("texts"), "--model", model.Folder, "--out", model.At(folder),
        "--no-report", "--backend", "reference", "--threads", "2",
        "--sequence-length", "16", "--batch-size", "2", "--iterations", "6", "--pretraining-rounds", "2", "--trust-freq", "2", "--checkpoint-every", "1",
        "--train-tokens", "300", "--trust-tokens", "100", "--report-tokens", "100", "--public-tokens", "200", .. more,
    ];

    [Fact]
    public void Reproduce_TwoSeeds_TableIsThatOfMetrics()
    {
        var run = CliRun.Of(Reproduce("made", "--seeds", "2", "--json"));
        Assert.True(run.ExitCode == 0, run.Error);
        var cells = Experiment.Read(model.At("made")).Cells;
        Assert.Equal([("specific", 1UL), ("specific", 2UL), ("mixed", 1UL), ("mixed", 2UL)], cells.Select(c => (c.Distribution, c.Seed)));
        using var json = JsonDocument.Parse(run.Out);
        foreach (var set in json.RootElement.GetProperty("tables").EnumerateArray())
        {
            string distribution = set.GetProperty("distribution").GetString()!;
            string[] folders = [.. cells.Where(c => c.Distribution == distribution).Select(c => model.At("made", c.Run))];
            foreach (var row in set.GetProperty("schemes").EnumerateArray())
            {
                string scheme = row.GetProperty("scheme").GetString()!;
                double[][] losses = [.. folders.Select(f => LastLosses(f, scheme))], local = [.. folders.Select(f => LastLosses(f, "local"))];
                double[] perplexity = [.. losses.Select(l => l.Average(Math.Exp))];
                Assert.Equal(perplexity.Average(), row.GetProperty("mean_perplexity").GetDouble(), 12);
                Assert.Equal(perplexity, row.GetProperty("perplexity_by_seed").EnumerateArray().Select(x => x.GetDouble()), (a, b) => Math.Abs(a - b) < 1e-12);
                if (scheme == "local") continue;
                double[] difference = [.. losses.Zip(local).SelectMany(s => s.First.Zip(s.Second, (a, b) => a - b))];
                var toLocal = row.GetProperty("to_local");
                Assert.Equal(difference.Average(), toLocal.GetProperty("mean").GetDouble(), 12);
                Assert.Equal(difference.Count(d => d < 0) / (double)difference.Length, toLocal.GetProperty("gain").GetDouble(), 12);
                Assert.Equal(JsonValueKind.Null, toLocal.GetProperty("half_width").ValueKind);
            }
        }
    }

    [Fact]
    public void Reproduce_Again_ReadsWhatIsThereAndPrintsTheSame()
    {
        string[] args = Reproduce("made", "--quiet", "--seeds", "1", "--schemes", "local,fedavg,weights", "--distribution", "specific");
        string first = CliRun.Of(args).Out;
        string summary = Directory.GetFiles(model.At("made"), "summary.json", SearchOption.AllDirectories).Single();
        var written = File.GetLastWriteTimeUtc(summary);
        Assert.Equal(first, CliRun.Of(args).Out);
        Assert.Equal(written, File.GetLastWriteTimeUtc(summary));
        foreach (string part in new[] { "codewiki specific", "to Local", "weights", "seed 1", "experiment.json" })
            Assert.Contains(part, first, StringComparison.Ordinal);
    }

    [Fact]
    public void Reproduce_Killed_GoesOnByItself()
    {
        string[] more = ["--schemes", "local,fedavg", "--distribution", "mixed", "--quiet"];
        var whole = CliRun.Of(Reproduce("whole", [.. more, "--seeds", "2"]));
        Assert.True(whole.ExitCode == 0, whole.Error);
        Assert.Equal(0, CliRun.Of(Reproduce("parts", [.. more, "--seeds", "1"])).ExitCode);
        using (var stop = new StopSignal())
        {
            stop.Request(ExitCode.Terminated);
            using var error = new StringWriter();
            Assert.Equal(143, Application.Run(Reproduce("parts", [.. more, "--seeds", "2"]), Terminal.Plain(TextWriter.Null), error, stop));
        }
        // The second run lies there with a checkpoint and without a result; the first is in the list.
        Assert.Equal(2, Directory.GetDirectories(model.At("parts", "runs")).Length);
        Assert.Single(Directory.GetFiles(model.At("parts"), "summary.json", SearchOption.AllDirectories));
        Assert.Single(Experiment.Read(model.At("parts")).Cells);
        var rest = CliRun.Of(Reproduce("parts", [.. more, "--seeds", "2"]));
        Assert.True(rest.ExitCode == 0, rest.Error);
        Assert.Equal(Experiment.Read(model.At("whole")).Cells, Experiment.Read(model.At("parts")).Cells);
        foreach (var cell in Experiment.Read(model.At("whole")).Cells)
            for (int i = 0; i < 4; i++)
            {
                string adapter = Path.Combine(cell.Run, "adapters", "fedavg", $"client_{i}", "adapter_model.safetensors");
                Assert.Equal(File.ReadAllBytes(model.At("whole", adapter)), File.ReadAllBytes(model.At("parts", adapter)));
            }
    }

    [Fact]
    public void Reproduce_AtItsEnd_DrawsThePages()
    {
        var run = CliRun.Of([.. Reproduce("drawn", "--schemes", "local,validation", "--distribution", "specific", "--seeds", "1")
            .Where(a => a != "--no-report")]);
        Assert.True(run.ExitCode == 0, run.Error);
        Assert.Contains("report.html", run.Out, StringComparison.Ordinal);
        foreach (string file in new[] { "report.html", "report.md" }) Assert.True(new FileInfo(model.At("drawn", file)).Length > 1000, file);
        Assert.NotEmpty(Directory.GetFiles(model.At("drawn", "figures"), "*.png"));
    }

    [Fact]
    public void Reproduce_WithComparators_ShowsThemWhereverItShowsSchemes()
    {
        string[] args = Reproduce("pooled", "--schemes", "local,fedavg", "--distribution", "specific", "--seeds", "1",
            "--comparators", "pooled_all,pooled_category", "--quiet");
        var run = CliRun.Of([.. args.Where(a => a != "--no-report")]);
        Assert.True(run.ExitCode == 0, run.Error);
        string folder = model.At("pooled"), comparators = Directory.GetFiles(folder, "comparators.json", SearchOption.AllDirectories).Single();
        using var json = JsonDocument.Parse(File.ReadAllText(comparators));
        double mean = json.RootElement.GetProperty("pooled_all").GetProperty("mean_perplexity").GetDouble();
        Assert.Contains("pooled all", run.Out, StringComparison.Ordinal);
        string page = File.ReadAllText(Path.Combine(folder, "report.md"));
        Assert.Contains($"| pooled all | {Format.Perplexity(mean)} | ", page, StringComparison.Ordinal);
        string[] Rows(string table, string start) =>
            [.. File.ReadAllLines(Path.Combine(folder, "tables", table)).Where(l => l.Contains(start, StringComparison.Ordinal))];
        Assert.Equal(mean, double.Parse(Rows("runs.csv", ",1,pooled_all,").Single().Split(',')[7], System.Globalization.CultureInfo.InvariantCulture));
        Assert.Equal(4, Rows("clients.csv", ",1,pooled_category,").Length);
        Assert.Equal(2, Rows("differences.csv", ",pooled_category,").Length);
        Assert.Contains("pooled all", File.ReadAllText(Path.Combine(folder, "figures", "perplexity-codewiki-specific.svg")), StringComparison.Ordinal);
    }

    [Fact]
    public void Reproduce_Narrowed_KeepsWhatTheSameCommandHasMadeAndNothingElse()
    {
        string[] common = ["--schemes", "local,fedavg"];
        string[] Names() => [.. Experiment.Read(model.At("narrow")).Cells.Select(c => $"{c.Distribution} {c.Seed}")];
        string[] Pictures() => [.. Directory.GetFiles(model.At("narrow", "figures"), "perplexity-*.png").Select(f => Path.GetFileName(f)).Order()];
        CliRun Run(params string[] more)
        {
            var run = CliRun.Of([.. Reproduce("narrow", [.. common, .. more]).Where(a => a != "--no-report")]);
            Assert.True(run.ExitCode == 0, run.Error);
            return run;
        }
        Run("--seeds", "1");
        var narrowed = Run("--seeds", "2-2", "--distribution", "specific");
        Assert.Equal(["specific 2", "specific 1", "mixed 1"], Names());
        Assert.DoesNotContain("no longer lists", narrowed.Out, StringComparison.Ordinal);
        Assert.Contains("codewiki mixed", narrowed.Out, StringComparison.Ordinal);
        Assert.Equal(["perplexity-codewiki-mixed.png", "perplexity-codewiki-specific.png"], Pictures());
        // Runs under another rate are no rows of the same table.
        var other = Run("--seeds", "1", "--distribution", "specific", "--lr", "1e-3");
        Assert.Equal(["specific 1"], Names());
        Assert.Contains("experiment.json no longer lists 3 finished runs of other options or seeds (codewiki specific, codewiki mixed); their folders stay.",
            other.Out, StringComparison.Ordinal);
        Assert.Equal(["perplexity-codewiki-specific.png"], Pictures());
        Assert.Equal(4, Directory.GetFiles(model.At("narrow"), "summary.json", SearchOption.AllDirectories).Length);
    }

    [Fact]
    public void Reproduce_DryRun_ListsTheRunsOnly()
    {
        var run = CliRun.Of("reproduce", "--family", "all", "--out", model.At("none"), "--dry-run");
        Assert.Equal(0, run.ExitCode);
        // Three families × two distributions × three seeds, and three figures of three values and two seeds.
        Assert.Contains("36 runs", run.Out, StringComparison.Ordinal);
        Assert.Contains("lr 2e-2, seed 2: loracollab collab", run.Out, StringComparison.Ordinal);
        Assert.False(Directory.Exists(model.At("none")));
    }

    [Fact]
    public void Reproduce_Bridge_GoesFromPaperToCorrectedAndAnswers()
    {
        var run = CliRun.Of(Reproduce("bridge", "--bridge", "--seeds", "1", "--distribution", "mixed", "--schemes", "local,fedavg,validation", "--quiet"));
        Assert.True(run.ExitCode == 0, run.Error);
        var cells = Experiment.Read(model.At("bridge")).Cells;
        // Every switchable trap but 3, 15, 16, 19, which change no result, and 22, which is of three categories; then the settings, in the corrected mode.
        int[] traps = [1, 2, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 18, 23, 27, 29];
        Assert.Equal(1 + traps.Length + 5, cells.Count);
        for (int k = 0; k <= traps.Length; k++)
            Assert.Equal("paper" + string.Concat(traps[..k].Select(t => $", trap {t}=corrected")), cells[k].Compat);
        Assert.All(cells.Skip(1 + traps.Length), c => Assert.Equal("corrected", c.Compat));
        Assert.Equal(cells.Count, cells.Select(c => c.Run).Distinct().Count());
        Assert.Contains("--trap 1=corrected 2=corrected", cells[2].Command, StringComparison.Ordinal);
        foreach (string part in new[]
        {
            "27: CodesMixedShares", "of 3 pairs of schemes keep their order", "Ranking by mean loss, paper:", "After all traps: ",
            "After all traps and settings: ",
        })
            Assert.Contains(part, run.Out, StringComparison.Ordinal);
        Assert.Equal(0, CliRun.Of("report", "--run", model.At("bridge"), "--quiet").ExitCode);
        string page = File.ReadAllText(model.At("bridge", "report.md"));
        foreach (string part in new[] { "from paper to corrected", "of 3 pairs of schemes keep their order", "| 27: CodesMixedShares |" })
            Assert.Contains(part, page, StringComparison.Ordinal);
        CliRun.Refused(["--bridge"], Reproduce("none", "--bridge", "--compat", "paper"));
    }

    /// <summary>An effect is of the trap or setting the step names, so nothing else may change with it: no corrected form brings its own temperature.</summary>
    [Fact]
    public void Reproduce_Bridge_ChangesOneThingAStep()
    {
        var run = CliRun.Of(Reproduce("bridge", "--bridge", "--seeds", "1", "--distribution", "specific", "--schemes", "local", "--quiet"));
        Assert.True(run.ExitCode == 0, run.Error);
        var cells = Experiment.Read(model.At("bridge")).Cells;
        var changed = cells.Zip(cells.Skip(1), (before, after) =>
            $"{after.Value!.Split(':')[0]} {string.Join(",", Changed(Options(before), Options(after)))}".TrimEnd());
        Assert.Equal(
            ["1 lora_init", "2", "4 weights_form", "5 validation_form", "6", "7", "8 prediction_positions", "9 prediction_form", "10", "11", "12 dropout",
             "13 gelu", "18", "23", "29 data_seed",
                "documents", "self self", "temperature temperature", "lr learning_rate", "targets targets"], changed);

        // What no option but the mode itself and its traps says is compared by them.
        static IEnumerable<string> Changed(Dictionary<string, string> before, Dictionary<string, string> after) =>
            before.Keys.Union(after.Keys).Where(k => k != "compat" && before.GetValueOrDefault(k) != after.GetValueOrDefault(k)).Order(StringComparer.Ordinal);

        Dictionary<string, string> Options(ExperimentCell cell)
        {
            using var json = JsonDocument.Parse(File.ReadAllText(model.At("bridge", cell.Run, "config.json")));
            return json.RootElement.GetProperty("options").EnumerateObject().ToDictionary(p => p.Name, p => p.Value.GetRawText());
        }
    }

    [Fact]
    public void Sweep_OwnText_WritesItsExperimentAndShowsBothSplits()
    {
        string[] args =
        [
            "sweep", "--over", "temperature", "--values", "0.1;validation=0.2", "--seeds", "3-4",
            .. Reproduce("swept", "--schemes", "local,validation", "--clients", "4", "--quiet")[3..],
        ];
        var run = CliRun.Of(args);
        Assert.True(run.ExitCode == 0, run.Error);
        var experiment = Experiment.Read(model.At("swept"));
        Assert.Equal(("sweep", "own"), (experiment.Name, experiment.Scale));
        Assert.Equal([("0.1", 3UL), ("0.1", 4UL), ("validation=0.2", 3UL), ("validation=0.2", 4UL)], experiment.Cells.Select(c => (c.Value, c.Seed)));
        Assert.All(experiment.Cells, c => Assert.Equal("temperature", c.Over));
        Assert.Contains("trust-validation (report-validation)", run.Out, StringComparison.Ordinal);
        Assert.Equal(1, run.Out.Split('\n').Single(l => l.TrimStart().StartsWith("validation ", StringComparison.Ordinal)).Count(c => c == '*'));
        // One more value stands beside the earlier ones on the seeds that all of them have.
        string[] More(string value, string seeds) => [.. args.Select((a, i) => i == 4 ? value : i == 6 ? seeds : a)];
        Assert.Equal(0, CliRun.Of(More("0.3", "3-4")).ExitCode);
        Assert.Equal(["0.3", "0.1", "validation=0.2"], Experiment.Read(model.At("swept")).Cells.Select(c => c.Value).Distinct());
        Assert.Equal(0, CliRun.Of(More("0.3", "3")).ExitCode);
        Assert.Equal([("0.3", 3UL), ("0.1", 3UL), ("validation=0.2", 3UL)], Experiment.Read(model.At("swept")).Cells.Select(c => (c.Value, c.Seed)));
        Assert.Equal(0, CliRun.Of(More("0.3", "5")).ExitCode);
        Assert.Equal([("0.3", 5UL)], Experiment.Read(model.At("swept")).Cells.Select(c => (c.Value, c.Seed)));
        CliRun.Refused(["--values"], "sweep", "--over", "rank", "--values", "2,2");
        CliRun.Refused(["--over seed"], "sweep", "--over", "seeds", "--values", "2,3");
        CliRun.Refused(["equal schemes"], "sweep", "--over", "schemes", "--values", "local;fedavg");
        CliRun.Refused(["leave --over and --values out"], "sweep", "--over", "rank", "--preset", "figure-lr");
    }

    /// <summary>Loss of every client at the last evaluation after a mix, read without the program's own reader.</summary>
    private static double[] LastLosses(string folder, string scheme)
    {
        string line = File.ReadLines(Path.Combine(folder, "metrics.jsonl")).Last(l => l.Contains($"\"scheme\":\"{scheme}\"", StringComparison.Ordinal));
        using var json = JsonDocument.Parse(line);
        Assert.Equal("after", json.RootElement.GetProperty("phase").GetString());
        return [.. json.RootElement.GetProperty("clients").EnumerateArray().Select(c => c.GetProperty("loss").GetDouble())];
    }
}
