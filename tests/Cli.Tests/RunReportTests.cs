using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;
using SkiaSharp;

namespace LoraCollab.Cli.Tests;

/// <summary>`report` on a small run of one's own texts.</summary>
public sealed class RunReportTests(RunReportTests.Made made) : IClassFixture<RunReportTests.Made>
{
    private readonly string run = made.Run;

    /// <summary>The run and its report, made once.</summary>
    public sealed class Made : IDisposable
    {
        private readonly SmallModel model = new();

        public Made()
        {
            model.Texts();
            var collab = CliRun.Of("collab", "--model", model.Folder, "--data", model.At("texts"), "--backend", "reference", "--threads", "2", "--clients",
                "4", "--sequence-length", "16",
                "--batch-size", "2", "--iterations", "6", "--pretraining-rounds", "2", "--trust-freq", "2", "--train-tokens", "300", "--trust-tokens", "100",
                    "--report-tokens", "100",
                "--public-tokens", "200", "--comparators", "pooled_all", "--out", Run);
            Assert.True(collab.ExitCode == 0, collab.Error);
            Assert.Contains("report --run", collab.Out, StringComparison.Ordinal);
            // What another command would have stored: three matrices after purely local training.
            var lines = File.ReadAllLines(Path.Combine(Run, "trust.jsonl"));
            StoredResult.Add(Run, "trust-after-local.jsonl", string.Concat(new[] { "weights", "validation", "prediction" }
                .Select(s => lines.Last(l => l.Contains($"\"scheme\":\"{s}\"", StringComparison.Ordinal)) + "\n")));
            var report = CliRun.Of("report", "--run", Run);
            Assert.True(report.ExitCode == 0, report.Error);
            foreach (string part in new[] { "report.html", "report.md", "figures", "tables", "tensorboard" }) Assert.Contains(part, report.Out,
                StringComparison.Ordinal);
        }

        public string Run => model.At("run");

        public string At(string name) => model.At(name);

        public void Dispose() => model.Dispose();
    }

    private string Text(params string[] path) => File.ReadAllText(Path.Combine([run, .. path]));

    private static string[] Cells(string row) => [.. row.Trim('|', ' ').Split('|').Select(c => c.Trim())];

    [Fact]
    public void Report_ItsNumbers_AreThoseOfSummaryAndMetrics()
    {
        using var summary = JsonDocument.Parse(Text("summary.json"));
        var metrics = Text("metrics.jsonl").Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(l => JsonDocument.Parse(l).RootElement).ToArray();
        var table = Text("report.md").Split('\n').Where(l => l.StartsWith("| ", StringComparison.Ordinal)).ToArray();
        var csv = Text("tables", "schemes.csv").Split('\n').Skip(1).Where(l => l.Length > 0).ToDictionary(l => l.Split(',')[0], l => l.Split(','));
        var clients = Text("tables", "clients.csv").Split('\n').Skip(1).Where(l => l.Length > 0).Select(l => l.Split(',')).ToArray();
        double[] Losses(string scheme, string phase) => [.. metrics.Last(m => m.GetProperty("scheme").GetString() == scheme
            && m.GetProperty("phase").GetString() == phase)
            .GetProperty("clients").EnumerateArray().Select(c => c.GetProperty("loss").GetDouble())];
        string[] names = [.. summary.RootElement.GetProperty("schemes").EnumerateObject().Select(s => s.Name)];
        Assert.Equal(6, names.Length);
        var perClient = table.SkipWhile(l => !l.StartsWith("| client |", StringComparison.Ordinal)).Skip(2).Take(4).Select(Cells).ToArray();
        foreach (string scheme in names)
        {
            double[] after = Losses(scheme, "after"), before = Losses(scheme, "before"), local = Losses("local", "after");
            double mean = after.Average(Math.Exp);
            var stored = summary.RootElement.GetProperty("schemes").GetProperty(scheme);
            Assert.Equal(mean, stored.GetProperty("mean_perplexity").GetDouble(), 1e-9 * mean);
            string[] row = Cells(table.First(l => l.StartsWith($"| {scheme} |", StringComparison.Ordinal)));
            Assert.Equal(Format.Perplexity(before.Average(Math.Exp)), row[1]);
            Assert.Equal(Format.Perplexity(mean), row[2]);
            Assert.StartsWith(Format.Perplexity(after.Max(Math.Exp)) + " (", row[3]);
            Assert.Equal(scheme == "local" ? "" : $"{Format.Fixed(100.0 * after.Where((loss, i) => loss > local[i]).Count() / after.Length, 0)} %", row[5]);
            Assert.Equal(mean, double.Parse(csv[scheme][1], CultureInfo.InvariantCulture), 1e-9 * mean);
            Assert.Equal(after, clients.Where(c => c[0] == scheme).Select(c => double.Parse(c[5], CultureInfo.InvariantCulture)));
            for (int i = 0; i < 4; i++) Assert.Equal(Format.Perplexity(Math.Exp(after[i])), perClient[i][2 + Array.IndexOf(names, scheme)]);
        }
        Assert.Equal(Format.Perplexity(Losses("base", "base").Average(Math.Exp)),
            Cells(table.First(l => l.StartsWith("| base model |", StringComparison.Ordinal)))[2]);
        long sent = Text("ledger.jsonl").Split('\n').Where(l => l.Contains("\"scheme\":\"prediction\"", StringComparison.Ordinal)
            && l.Contains("\"up\"", StringComparison.Ordinal))
            .Sum(l => JsonDocument.Parse(l).RootElement.GetProperty("bytes").GetInt64());
        Assert.Equal($"{sent}", csv["prediction"][7]);
    }

    [Fact]
    public void Report_EveryPicture_IsThereTwiceAndShowsSomething()
    {
        string page = Text("report.md"), html = Text("report.html");
        string[] names = [.. Regex.Matches(page, @"!\[[^\]]+\]\(figures/([a-z-]+)\.png\)").Select(m => m.Groups[1].Value)];
        Assert.True(names.Length >= 12, $"{names.Length} pictures: {string.Join(", ", names)}");
        foreach (string name in new[] { "perplexity", "curves", "mixing", "trust-last", "trust-weights-fixed", "trust-weights-free", "trust-weights-others",
            "trust-after-local", "rounds", "bytes", "round" })
            Assert.Contains(name, names);
        foreach (string name in names)
        {
            PictureTests.AssertTitle(Path.Combine(run, "figures", name + ".png"));
            using var picture = SKBitmap.Decode(Path.Combine(run, "figures", name + ".png"));
            Assert.True(picture.Pixels.Distinct().Count() > 20, $"{name}: only {picture.Pixels.Distinct().Count()} colours");
            string svg = Text("figures", name + ".svg");
            Assert.Contains("Open Sans", svg, StringComparison.Ordinal);
            Assert.EndsWith("</svg>", svg.TrimEnd(), StringComparison.Ordinal);
        }
        Assert.Equal(names.Length, Regex.Count(html, "src=\"data:image/png;base64,"));
        Assert.DoesNotContain("src=\"figures", html, StringComparison.Ordinal);
        Assert.Equal(names.Length * 2, Directory.GetFiles(Path.Combine(run, "figures")).Length);
    }

    [Fact]
    public void Report_ItsTables_HaveALineForEverything()
    {
        int Lines(string name) => Text("tables", name).Split('\n', StringSplitOptions.RemoveEmptyEntries).Length - 1;
        int Logged(string name) => Text(name).Split('\n', StringSplitOptions.RemoveEmptyEntries).Length;
        Assert.Equal(4 * Logged("metrics.jsonl"), Lines("metrics.csv"));
        Assert.Equal(16 * Logged("trust.jsonl"), Lines("trust.csv"));
        Assert.Equal(Logged("trust.jsonl"), Lines("rounds.csv"));
        Assert.Equal(Logged("ledger.jsonl"), Lines("ledger.csv"));
        foreach (string scheme in new[] { "local", "fedavg", "prediction" })
            Assert.True(new FileInfo(Path.Combine(run, "tensorboard", scheme, "events.out.tfevents.0.loracollab")).Length > 500, scheme);
    }

    /// <summary>One run as the only seed of a set and as two values of a sweep.</summary>
    [Fact]
    public void Report_OfAnExperiment_HasASectionForSetsAndSweepsAndLinksToRuns()
    {
        string folder = made.At("experiment");
        Directory.CreateDirectory(folder);
        string Cell(string more) => $"{{\"set\": \"texts\", \"distribution\": \"specific\", \"compat\": \"corrected\", \"seed\": 1, \"run\": "
            + $"\"runs/one\"{more}}}";
        foreach (string file in Directory.EnumerateFiles(run, "*.json*"))
        {
            Directory.CreateDirectory(Path.Combine(folder, "runs", "one"));
            File.Copy(file, Path.Combine(folder, "runs", "one", Path.GetFileName(file)));
        }
        File.WriteAllText(Path.Combine(folder, "experiment.json"), "{\"name\": \"reproduce\", \"family\": \"own\", \"scale\": \"tiny\", \"cells\": ["
            + $"{Cell("")}, {Cell(", \"over\": \"lr\", \"value\": \"1e-3\"")}, {Cell(", \"over\": \"lr\", \"value\": \"2e-3\"")}]}}");
        var report = CliRun.Of("report", "--run", folder, "--quiet");
        Assert.True(report.ExitCode == 0, report.Error);
        string page = File.ReadAllText(Path.Combine(folder, "report.md"));
        using var summary = JsonDocument.Parse(Text("summary.json"));
        double mean = summary.RootElement.GetProperty("schemes").GetProperty("weights").GetProperty("clients").EnumerateArray().Average(c =>
            Math.Exp(c.GetProperty("loss").GetDouble()));
        var rows = page.Split('\n').Where(l => l.StartsWith("| weights |", StringComparison.Ordinal)).Select(Cells).ToArray();
        Assert.Equal([Format.Perplexity(mean), $"{Format.Perplexity(mean)} *"], [rows[0][1], rows[1][1]]);
        foreach (string part in new[] { "## texts specific", "every seed's mean is printed", "### lr, texts specific",
            "runs/one/report.html" }) Assert.Contains(part, page, StringComparison.Ordinal);
        foreach (string name in new[] { "perplexity-texts-specific", "curves-texts-specific", "bytes-texts-specific",
            "sweep-lr-texts-specific" }) PictureTests.AssertTitle(Path.Combine(folder, "figures", name + ".png"));
        Assert.Equal(Regex.Count(page, @"!\["), Regex.Count(File.ReadAllText(Path.Combine(folder, "report.html")), "src=\"data:image/png;base64,"));
        CliRun.Refused(["--every-run"], "report", "--run", run, "--every-run");
    }

    [Fact]
    public void Report_OfWhatIsNoRun_IsRefusedInOneLine()
    {
        CliRun.Refused(["--run is required"], "report");
        CliRun.Refused(["no such folder"], "report", "--run", made.At("nowhere"));
        CliRun.Refused(["not the folder of a run"], "report", "--run", made.At("texts"));
        Directory.CreateDirectory(made.At("stopped"));
        File.Copy(Path.Combine(run, "config.json"), Path.Combine(made.At("stopped"), "config.json"));
        CliRun.Refused(["has not finished", "--resume"], "report", "--run", made.At("stopped"));
    }

    [Fact]
    public void Report_WhereTheSystemHasNoFonts_StillDrawsText()
    {
        string figures = Path.Combine(run, "figures");
        Directory.Delete(figures, recursive: true);
        PictureTests.RunWithoutFonts($"report --run '{run}'");
        Assert.All(Directory.GetFiles(figures, "*.png"), PictureTests.AssertTitle);
    }
}
