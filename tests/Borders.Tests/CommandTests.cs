using System.Diagnostics;
using System.Text.RegularExpressions;
using LoraCollab.Cli.Tests;
using LoraCollab.Testing.Damage;

namespace LoraCollab.Borders.Tests;

/// <summary>Every command that reads, on damaged files: it ends with a documented exit code and says what is wrong in a few lines.</summary>
public sealed partial class CommandTests(Specimens specimens)
{
    private static readonly int s_each = Math.Max(3, DamagedReading.Count / 600);
    private static readonly string[] s_not = ["out", "debug", "score-on"];

    public static TheoryData<int> Lines => [.. Enumerable.Range(0, Commands.All.Count)];

    [Fact]
    public void Table_OfCommands_HasEveryVerbAndEveryOptionOfFiles()
    {
        foreach (var type in CommandRegistry.All)
        {
            string verb = VerbAttribute.Of(type).Name;
            if (Commands.WithoutFiles.ContainsKey(verb)) continue;
            var lines = Commands.All.Where(c => c.Verb == verb).ToArray();
            Assert.True(lines.Length > 0, $"{verb} is in no line of {nameof(Commands)}");
            foreach (var option in OptionTable.Of(type).Where(o => (o.IsPath || o.Value == "WHAT") && !s_not.Contains(o.Name)))
                Assert.True(lines.Any(l => l.Args.Contains("--" + option.Name)), $"{verb} --{option.Name} is in no line of {nameof(Commands)}");
        }
    }

    [Theory]
    [MemberData(nameof(Lines))]
    public void Command_OnDamagedFiles_EndsInPlainWords(int line)
    {
        var command = Commands.All[line];
        var faults = new List<string>();
        foreach (string file in command.Damaged)
            for (int i = 1; i <= s_each; i++)
                if (Fault(command, file, i) is { } fault) faults.Add($"{command}: {file}, damaged file {i}: {fault}");
        if (faults.Count > 0) Assert.Fail(string.Join("\n", faults));
    }

    [Fact]
    public void Command_OnRightFiles_IsDone()
    {
        var faults = new List<string>();
        foreach (var command in Commands.All.Where(c => c.Verb != "controls"))
        {
            using var folder = new TemporaryFolder();
            var run = Run(command, folder);
            if (run.ExitCode != 0) faults.Add($"{command}: {run.ExitCode}: {run.Error}");
        }
        if (faults.Count > 0) Assert.Fail(string.Join("\n", faults));
    }

    private string? Fault(CommandCase command, string file, int seed)
    {
        using var folder = new TemporaryFolder();
        long start = Stopwatch.GetTimestamp();
        var run = Run(command, folder, () =>
        {
            byte[] right = File.ReadAllBytes(folder.At(file));
            File.WriteAllBytes(folder.At(file), DamagedFile.Of(FormOf(file), right, [right], seed + 1000 * file.Length));
        });
        double seconds = Stopwatch.GetElapsedTime(start).TotalSeconds;
        string[] said = run.Error.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        if (run.ExitCode is not (0 or 1 or 2)) return $"exit code {run.ExitCode}: {run.Error}";
        // verify's findings are its result.
        if (run.ExitCode != 0 && said.Length is 0 or > 4 && (command.Verb != "verify" || run.Out.Length == 0))
            return $"{said.Length} lines of error: {run.Error}";
        if (seconds > 30) return $"{seconds:0} s";
        if (DotNet().IsMatch(run.Error)) return run.Error;
        if ((run.Out + run.Error).Any(c => char.IsControl(c) && c is not ('\n' or '\r' or '\t'))) return $"a control character: {run.Out}{run.Error}";
        return null;
    }

    private CliRun Run(CommandCase command, TemporaryFolder folder, Action? damage = null)
    {
        foreach (string part in command.Args.SelectMany(a => Specimen().Matches(a)).Select(m =>
            m.Groups[1].Value.Split('/')[0]).Distinct()) specimens.Copy(part, folder.Path);
        damage?.Invoke();
        return CliRun.Of([.. command.Args.Select(a => a.StartsWith('+') ? folder.At("made", a[1..]) : Specimen().Replace(a, m =>
            folder.At(m.Groups[1].Value)))]);
    }

    private static FileForm FormOf(string file) => Path.GetExtension(file) switch
    {
        ".json" => FileForm.Json,
        ".jsonl" => FileForm.JsonLines,
        ".safetensors" => FileForm.Safetensors,
        _ => FileForm.Lines,
    };

    [GeneratedRegex(@"@(.+)$")]
    private static partial Regex Specimen();

    [GeneratedRegex(@"^   at |\w+Exception\b|\bSystem\.\w|LoraCollab\.[A-Z]", RegexOptions.Multiline)]
    private static partial Regex DotNet();
}
