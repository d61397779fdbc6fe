// Runs the program and its peers in turn and prints a table of medians, ratios and bars, as markdown. Every line that was measured is kept in a file beside the
// table, from which --from computes the table again. bench/compare.sh tells the options.
using System.Diagnostics;
using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text.Json;
using System.Text.RegularExpressions;

CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
string[] groups = ["gemm", "step", "full", "small", "round", "memory", "generate", "start", "quickstart", "profile"];
string[] known = ["only", "rounds", "threads", "peers", "out", "from"];
for (int i = 0; i < args.Length; i += 2)
    if (!args[i].StartsWith("--") || !known.Contains(args[i][2..]) || i + 1 == args.Length)
        return Refuse($"{args[i]}: expected --{string.Join(" X, --", known)} X");
string repository = Path.GetFullPath(Path.Combine(Path.GetDirectoryName(Here())!, ".."));
string output = Path.GetFullPath(Option("out", Path.Combine(repository, "artifacts", "compare.md"))), rawFile = Path.ChangeExtension(output, ".jsonl");
string peers = Path.GetFullPath(Option("peers", Path.Combine(repository, "..", "shared", "peers"))), stored = Option("from", "");
const string whole = "expected a whole number of at least 1";
string[] only = Option("only", string.Join(',', groups)).Split(',');
if (only.FirstOrDefault(o => !groups.Contains(o)) is { } stray) return Refuse($"--only '{stray}': expected some of {string.Join(", ", groups)}");
if (!int.TryParse(Option("rounds", "3"), out int rounds) || rounds < 1) return Refuse($"--rounds: {whole}");
if (!int.TryParse(Option("threads", $"{Environment.ProcessorCount}"), out int threads) || threads < 1) return Refuse($"--threads: {whole}");
if (stored.Length > 0 && !File.Exists(stored)) return Refuse($"--from {stored}: there is no such file; give the .jsonl that an earlier run wrote");

var bench = new Measurements();
if (stored.Length > 0) bench.Load(stored);
else
{
    bool hasPeers = Directory.Exists(peers);
    if (!hasPeers) Console.Error.WriteLine($"{peers}: there are no peers, so their columns stay empty; --peers DIR says where they are");
    Directory.CreateDirectory(Path.GetDirectoryName(output)!);
    File.WriteAllText(rawFile, "");
    Start("dotnet", $"build {Path.Combine(repository, "src", "Cli")} -c Release -v q");
    string commit = Start("git", $"-C {repository} describe --always --dirty"), count = threads == 1 ? "1 thread" : $"{threads} threads";
    string machine = $"{DateTime.UtcNow:yyyy-MM-dd HH:mm} UTC, {Processor()}, {count}, load {Load()} at the start";
    string about = $"{machine}; commit {commit}; bench/compare.sh {string.Join(' ', args)}".Trim();
    Keep(0, "about", "ours", $"{{\"text\":\"{JsonEncodedText.Encode(about)}\"}}");
    for (int round = 0; round < rounds; round++)
        foreach (var job in Jobs().Where(j => only.Contains(j.Group) && (hasPeers || j.Who == "ours")))
        {
            Console.Error.WriteLine($"round {round + 1} of {rounds}: {job.Row}, {job.Who}");
            try
            {
                foreach (var (row, line) in job.Run()) Keep(round, row, job.Who, line);
            }
            catch (Exception e) when (e is InvalidOperationException or JsonException or KeyNotFoundException)
            {
                Console.Error.WriteLine($"{job.Row}, {job.Who}: {e.Message}");
            }
        }
}
string table = new Table(bench).Markdown(only);
Console.Write(table);
if (stored.Length == 0 || Array.IndexOf(args, "--out") >= 0)
{
    Directory.CreateDirectory(Path.GetDirectoryName(output)!);
    File.WriteAllText(output, table);
}
return 0;

// ---- what is run; ours and the peer's of a row stand together, so that both see the same machine ----

IEnumerable<Job> Jobs()
{
    const string small = "--layers 4 --heads 4 --embd 128 --vocab 1024 --batch-size 8 --sequence-length 64";
    yield return new("gemm", "gemm", "ours", OurGemm);
    yield return new("gemm", "gemm", "peer", PeerGemm);
    foreach (var (batch, length) in ((int, int)[])[(4, 64), (4, 512), (1, 1024)])
        foreach (var job in Pair("step", $"step {batch}x{length}", "bench step",
            $"--batch-size {batch} --sequence-length {length} --iterations 4")) yield return job;
    foreach (var job in Pair("full", "full 4x64", "bench step", "--batch-size 4 --sequence-length 64 --iterations 4 --mode full")) yield return job;
    foreach (var job in Pair("small", "small step", "bench step", $"{small} --iterations 30")) yield return job;
    foreach (string trust in (string[])["prediction", "validation"])
        foreach (var job in Pair("round", $"round {trust}", "bench round", $"{small} --clients 8 --iterations 10 --trust {trust}")) yield return job;
    foreach (int clients in (int[])[1, 8])
        yield return Ours("memory", $"memory {clients}",
            $"bench round --batch-size 4 --sequence-length 64 --iterations 1 --clients {clients} --threads {threads}");
    yield return Ours("generate", "generate", $"bench generate --threads {threads}");
    yield return new("start", "help", "ours", () => [("help", Timed(Program(), "--help"))]);
    yield return Ours("start", "start", "bench start");
    yield return new("quickstart", "quickstart", "ours", () => [("quickstart", QuickStart())]);
    yield return new("profile", "profile tiny", "ours", () => [("profile tiny", Profile("--iterations 500"))]);
    yield return new("profile", "profile 124M", "ours", () => [("profile 124M", Profile("--model gpt2 --iterations 5"))]);
}

IEnumerable<Job> Pair(string group, string row, string command, string options)
{
    yield return Ours(group, row, $"{command} {options} --threads {threads}");
    yield return new(group, row, "peer", () => [(row, Start(Path.Combine(peers, "libtorch", "run.sh"), $"{options} --threads {threads}"))]);
}

Job Ours(string group, string row, string command) => new(group, row, "ours", () => [(row, Start(Program(), command))]);

IEnumerable<(string, string)> OurGemm() =>
    Start(Program(), $"bench gemm --json --threads {threads}").Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line =>
    {
        var g = JsonDocument.Parse(line).RootElement;
        return ($"gemm {g.GetProperty("layout")} {g.GetProperty("m")} {g.GetProperty("n")} {g.GetProperty("k")}", line);
    });

IEnumerable<(string, string)> PeerGemm()
{
    string text = Start(Path.Combine(peers, "gemm", "run.sh"), $"{threads}");
    yield return ("gemm peak", $"{{\"gflops\":{Regex.Match(text, @"fma_peak_gflops (\S+)").Groups[1]}}}");
    foreach (Match m in Regex.Matches(text, @"openblas (\w+) M=(\d+) N=(\d+) K=(\d+) gflops (\S+)"))
        yield return ($"gemm {m.Groups[1]} {m.Groups[2]} {m.Groups[3]} {m.Groups[4]}", $"{{\"gflops\":{m.Groups[5]}}}");
}

// What profiling costs, and what no op covers, in percent.
string Profile(string options)
{
    var found = JsonDocument.Parse(Start(Program(), $"profile {options} --json --threads {threads}")).RootElement;
    var cost = found.GetProperty("cost");
    double outside = found.GetProperty("phases").EnumerateArray().Sum(p => p.GetProperty("outside_ms").GetDouble()) / found.GetProperty("total_ms").GetDouble();
    return $"{{\"without_ms\":{cost.GetProperty("without_ms")},\"with_ms\":{cost.GetProperty("with_ms")},"
        + $"\"cost\":{100 * cost.GetProperty("share").GetDouble():0.000},"
        + $"\"outside\":{100 * outside:0.000}}}";
}

string QuickStart()
{
    string folder = Directory.CreateTempSubdirectory("loracollab-compare-").FullName;
    try
    {
        return Timed("dotnet", $"run -c Release --project {Path.Combine(repository, "src", "Cli")} -- collab --out {Path.Combine(folder, "run")}");
    }
    finally
    {
        Directory.Delete(folder, recursive: true);
    }
}

// ---- how ----

string Program() => Path.Combine(repository, "src", "Cli", "bin", "Release", "net10.0", OperatingSystem.IsWindows() ? "loracollab.exe" : "loracollab");

string Timed(string program, string arguments)
{
    long began = Stopwatch.GetTimestamp();
    Start(program, arguments);
    return $"{{\"wall_s\":{Stopwatch.GetElapsedTime(began).TotalSeconds:0.000}}}";
}

static string Start(string program, string arguments)
{
    if (Path.IsPathRooted(program) && !File.Exists(program)) throw new InvalidOperationException($"{program} is not there");
    var start = new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true };
    // A build must leave no server behind: it would hold the streams open, and the machine would not be quiet.
    (start.Environment["MSBUILDDISABLENODEREUSE"], start.Environment["UseSharedCompilation"]) = ("1", "false");
    using var process = Process.Start(start)!;
    var error = process.StandardError.ReadToEndAsync();
    string text = process.StandardOutput.ReadToEnd();
    process.WaitForExit();
    if (process.ExitCode == 0) return text.Trim();
    string last = (error.Result + text).Trim().Split('\n')[^1];
    throw new InvalidOperationException($"{Path.GetFileName(program)} {arguments} ended with code {process.ExitCode}: {last}");
}

void Keep(int round, string row, string who, string line)
{
    bench.Add(row, who, line);
    File.AppendAllText(rawFile, $"{{\"round\":{round},\"row\":\"{row}\",\"who\":\"{who}\",\"line\":{line}}}\n");
}

string Option(string name, string fallback) => Array.IndexOf(args, "--" + name) is >= 0 and var i ? args[i + 1] : fallback;

static int Refuse(string message)
{
    Console.Error.WriteLine("error: " + message);
    return 2;
}

static string Processor() => File.Exists("/proc/cpuinfo") && Regex.Match(File.ReadAllText("/proc/cpuinfo"), @"model name\s*: (.*)") is { Success: true } m
    ? m.Groups[1].Value
    : "unknown processor";

static string Load() => File.Exists("/proc/loadavg") ? File.ReadAllText("/proc/loadavg").Split(' ')[0] : "unknown";

static string Here([CallerFilePath] string path = "") => path;

/// <summary>One run: what it measures, whose program, and the lines it gives.</summary>
internal sealed record Job(string Group, string Row, string Who, Func<IEnumerable<(string Row, string Line)>> Run);

/// <summary>Lines of JSON by row and whose they are.</summary>
internal sealed class Measurements
{
    private readonly Dictionary<(string, string), List<JsonElement>> _lines = [];

    public IEnumerable<string> Rows => _lines.Keys.Select(k => k.Item1).Distinct();

    public void Add(string row, string who, string line)
    {
        if (!_lines.TryGetValue((row, who), out var lines)) _lines[(row, who)] = lines = [];
        lines.Add(JsonDocument.Parse(line).RootElement);
    }

    public void Load(string file)
    {
        foreach (string text in File.ReadLines(file))
        {
            var line = JsonDocument.Parse(text).RootElement;
            Add(line.GetProperty("row").GetString()!, line.GetProperty("who").GetString()!, line.GetProperty("line").GetRawText());
        }
    }

    public string About => _lines.TryGetValue(("about", "ours"), out var lines) ? lines[0].GetProperty("text").GetString()! : "";

    /// <summary>The upper median of a field; NaN where nothing was measured.</summary>
    public double Median(string row, string who, string field)
    {
        if (!_lines.TryGetValue((row, who), out var lines)) return double.NaN;
        double[] values = [.. lines.Select(l => l.GetProperty(field)).Where(v => v.ValueKind == JsonValueKind.Number).Select(v => v.GetDouble()).Order()];
        return values.Length == 0 ? double.NaN : values[values.Length / 2];
    }
}

/// <summary>The table: what was measured, the ratio that counts, the bar it must reach and the goal beyond.</summary>
internal sealed class Table(Measurements bench)
{
    private readonly List<string> _lines = [];

    public string Markdown(string[] only)
    {
        _lines.AddRange(["# This program beside its peers", "", $"Medians; {bench.About}.", ""]);
        if (only.Contains("gemm")) Gemm();
        if (only.Any(o => o != "gemm")) _lines.AddRange(["| | ours | peer | that is | bar | goal | |", "|---|---|---|---|---|---|---|"]);
        if (only.Contains("step")) Step("4x64", 1.6, 1.9, 0.5);
        if (only.Contains("step")) Step("4x512", 2.0, 2.4, 1 / 3.0);
        if (only.Contains("step")) Step("1x1024", 1.8, 2.1, 1 / 3.0);
        if (only.Contains("full")) Ratio("124M full step 4x64, tokens/s", "full 4x64", "train_tok_s", 2.2, 2.6);
        if (only.Contains("small")) Ratio("small step, tokens/s", "small step", "train_tok_s", 4.5, 5.5);
        if (only.Contains("small")) Ratio("small evaluation, tokens/s", "small step", "eval_tok_s", 3, 3.5);
        if (only.Contains("round")) Ratio("round of 8 small clients, prediction, ms", "round prediction", "round_ms", 8, 11, inverse: true);
        if (only.Contains("round")) Ratio("round of 8 small clients, validation, ms", "round validation", "round_ms", 3.5, 4.5, inverse: true);
        if (only.Contains("memory"))
        {
            double one = bench.Median("memory 1", "ours", "peak_rss_mb"), eight = bench.Median("memory 8", "ours", "peak_rss_mb");
            Add("8 clients of 124M over one, MB", $"{Number(eight)} / {Number(one)}", "", eight / one, "×", 1.3, 1.15, atMost: true);
        }
        if (only.Contains("generate"))
        {
            double share = bench.Median("generate", "ours", "read_share"), rate = bench.Median("generate", "ours", "gb_s");
            double readable = bench.Median("generate", "ours", "read_gb_s");
            Add("generation, GB/s of weights; beside it the memory's", Number(rate), Number(readable), share * 100, " %", 80, 95);
        }
        if (only.Contains("start"))
        {
            Own("--help, s", bench.Median("help", "ours", "wall_s"), 0.25, 0.15);
            Own("start to the first step, s", bench.Median("start", "ours", "first_step_ms") / 1e3, 0.8, 0.5);
        }
        if (only.Contains("quickstart")) Own("README's first command, s", bench.Median("quickstart", "ours", "wall_s"), 60, 30);
        if (only.Contains("profile"))
        {
            double without = bench.Median("profile tiny", "ours", "without_ms"), with = bench.Median("profile tiny", "ours", "with_ms");
            Add("a step of models/tiny profiled, over one that is not, ms", $"{Number(with)} / {Number(without)}", "",
                bench.Median("profile tiny", "ours", "cost"), " %", 3, 1, atMost: true);
            Add("outside kernels, models/tiny", "", "", bench.Median("profile tiny", "ours", "outside"), " %", 10, 3, atMost: true);
            Add("outside kernels, 124M", "", "", bench.Median("profile 124M", "ours", "outside"), " %", 3, 1, atMost: true);
        }
        return string.Join('\n', _lines) + "\n";
    }

    private void Step(string shape, double bar, double goal, double memory)
    {
        Ratio($"124M LoRA step {shape}, tokens/s", $"step {shape}", "train_tok_s", bar, goal);
        Ratio($"124M LoRA step {shape}, MB", $"step {shape}", "peak_rss_mb", memory, memory, atMost: true);
        Ratio($"124M evaluation {shape}, tokens/s", $"step {shape}", "eval_tok_s", 1.4, 1.6);
    }

    /// <summary>Frozen weights are packed beforehand, which is what the bars are about; the goal is to win with packing counted.</summary>
    private void Gemm()
    {
        var rows = bench.Rows.Where(r => r.StartsWith("gemm N")).ToArray();
        double[] peaks = [.. rows.Select(r => bench.Median(r, "ours", "fma_peak_gflops")), bench.Median("gemm peak", "peer", "gflops")];
        double peak = peaks.Where(double.IsFinite).DefaultIfEmpty(double.NaN).Max();
        _lines.Add($"GFLOP/s; multiply-add peak {Number(peak)}. Bars: prepacked ≥ 0.95 × OpenBLAS, and ≥ 82 % of the peak where M·N·K > 5e8; "
            + "goal: packing counted ≥ 1 ×.");
        _lines.AddRange(["", "| M N K | prepacked | packing counted | OpenBLAS | prepacked / OpenBLAS | of the peak | counted / OpenBLAS | |"]);
        _lines.Add("|---|---|---|---|---|---|---|---|");
        foreach (string row in rows)
        {
            double packed = bench.Median(row, "ours", "gflops_prepacked"), counted = bench.Median(row, "ours", "gflops");
            double peer = bench.Median(row, "peer", "gflops");
            bool large = row.Split(' ')[2..].Aggregate(1.0, (product, size) => product * double.Parse(size)) > 5e8;
            bool passes = packed / peer >= 0.95 && (!large || packed / peak >= 0.82);
            string verdict = double.IsNaN(packed / peer) ? "not measured" : !passes ? "**miss**" : counted >= peer ? "goal" : "pass";
            _lines.Add($"| {row[5..]} | {Number(packed)} | {Number(counted)} | {Number(peer)} | {Number(packed / peer)} | {Number(packed / peak * 100)} % "
                + $"| {Number(counted / peer)} | {verdict} |");
        }
        _lines.Add("");
    }

    private void Ratio(string name, string row, string field, double bar, double goal, bool atMost = false, bool inverse = false)
    {
        double ours = bench.Median(row, "ours", field), peer = bench.Median(row, "peer", field);
        Add(name, Number(ours), Number(peer), inverse ? peer / ours : ours / peer, "×", bar, goal, atMost);
    }

    private void Own(string name, double value, double bar, double goal) => Add(name, Number(value), "", value, " s", bar, goal, atMost: true);

    private void Add(string name, string ours, string peer, double value, string unit, double bar, double goal, bool atMost = false)
    {
        bool Reaches(double limit) => atMost ? value <= limit : value >= limit;
        string sign = atMost ? "≤" : "≥", that = double.IsNaN(value) ? "" : $"{value:0.00}{unit}";
        string verdict = double.IsNaN(value) ? "not measured" : Reaches(goal) && goal != bar ? "goal" : Reaches(bar) ? "pass" : "**miss**";
        string beyond = goal == bar ? "" : $"{sign} {goal:0.##}{unit}";
        _lines.Add($"| {name} | {ours} | {peer} | {that} | {sign} {bar:0.##}{unit} | {beyond} | {verdict} |");
    }

    private static string Number(double value) => double.IsNaN(value) ? "" : value >= 100 ? $"{value:0}" : $"{value:0.00}";
}
