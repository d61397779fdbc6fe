using System.Diagnostics;
using System.Text.RegularExpressions;
using LoraCollab.Testing.Damage;

namespace LoraCollab.Borders.Tests;

/// <summary>
/// Tries one reader on many damaged files. It may return a value or throw a <see cref="UserException"/>, soon, within bounds of memory, and in plain words.
/// </summary>
internal sealed partial class DamagedReading(ReaderCase reader, Specimens specimens, int count)
{
    /// <summary>Damaged files for each reader: LORACOLLAB_DAMAGED, by default 2,000.</summary>
    public static int Count { get; } = int.TryParse(Environment.GetEnvironmentVariable("LORACOLLAB_DAMAGED"), out int count) ? count : 2000;

    private const double Seconds = 2;
    private const long Bytes = 512L << 20;
    private const int LongestMessage = 610;
    private static readonly TimeSpan s_hangs = TimeSpan.FromSeconds(60);

    private readonly Dictionary<string, (int Count, int First, string Example)> _faults = [];
    private volatile int _at;

    /// <summary>Fails with a line for each kind of fault.</summary>
    public static void Require(ReaderCase reader, Specimens specimens)
    {
        string faults = new DamagedReading(reader, specimens, Count).Run();
        if (faults.Length > 0) Assert.Fail(faults);
    }

    /// <summary>The faults found, one line each; empty where there is none.</summary>
    public string Run()
    {
        Exception? broken = null;
        var thread = new Thread(() =>
        {
            try
            {
                All();
            }
            catch (Exception e)
            {
                broken = e;
            }
        }, maxStackSize: 4 << 20)
        { IsBackground = true };
        thread.Start();
        for (int before = -1; !thread.Join(s_hangs); before = _at)
            if (_at == before) return $"damaged file {_at} of {reader.Name}: not read in {s_hangs.TotalSeconds} s";
        if (broken is not null) return $"{reader.Name}: the test itself broke at damaged file {_at}: {broken}";
        return string.Join("\n", _faults.Select(f => $"{reader.Name}: {f.Value.Count} of {count}, first damaged file {f.Value.First}: {f.Key}: "
            + $"{f.Value.Example}"));
    }

    private void All()
    {
        using var folder = new TemporaryFolder();
        specimens.Copy(reader.With.Length > 0 ? reader.File : TopOf(reader.File), folder.Path);
        foreach (string other in reader.With.Where(w => w != reader.File)) specimens.Copy(other, folder.Path);
        string file = folder.At(reader.File);
        byte[] right = File.ReadAllBytes(file);
        var others = specimens.ByEnding[Path.GetExtension(file)];
        var context = new ReaderContext(folder.Path, specimens);
        Try(context, 0); // untouched, it is read
        if (_faults.Count > 0) return;
        for (int i = 1; i <= count; i++)
        {
            _at = i;
            byte[] damaged = DamagedFile.Of(reader.Form, right, others, SeedOf(i));
            for (int again = 0; again < 3; again++)
            {
                File.WriteAllBytes(file, damaged);
                if (Try(context, i) <= Seconds) break;
                if (again == 2) Fault(i, $"more than {Seconds} s", $"{damaged.Length:N0} bytes");
            }
        }
    }

    /// <summary>Seconds it took.</summary>
    private double Try(ReaderContext context, int i)
    {
        long before = GC.GetAllocatedBytesForCurrentThread(), start = Stopwatch.GetTimestamp();
        try
        {
            reader.Read(context);
        }
        catch (UserException e)
        {
            if (i == 0) Fault(i, "the right file is refused", e.Message);
            else CheckMessage(i, e.Message);
        }
        catch (Exception e)
        {
            Fault(i, $"{e.GetType().Name}{Where(e)}", e.Message.ReplaceLineEndings(" "));
        }
        double seconds = Stopwatch.GetElapsedTime(start).TotalSeconds;
        long bytes = GC.GetAllocatedBytesForCurrentThread() - before;
        if (bytes > Bytes) Fault(i, $"more than {Bytes >> 20} MB", $"{bytes >> 20} MB");
        return seconds;
    }

    private void CheckMessage(int i, string message)
    {
        if (message.Any(char.IsControl)) Fault(i, "a control character in the message", Regex.Escape(message));
        if (message.Length > LongestMessage) Fault(i, "a long message", $"{message.Length} characters: {message[..200]}");
        if (DotNetName().Match(message) is { Success: true } name) Fault(i, $"a .NET name ({name.Value}) in the message", message);
        string folder = reader.File.Split('/')[0];
        if (!message.Contains(Path.GetFileName(reader.File), StringComparison.Ordinal) && !message.Contains(folder, StringComparison.Ordinal))
            Fault(i, "a message without the file", message);
    }

    private void Fault(int i, string kind, string example)
    {
        var (count, first, kept) = _faults.GetValueOrDefault(kind, (0, i, example.Length > 500 ? example[..500] : example));
        _faults[kind] = (count + 1, first, kept);
    }

    private static string TopOf(string file) => file.Split('/')[0];

    /// <summary>FNV-1a of the reader's name, and the number of the file.</summary>
    private int SeedOf(int i) => unchecked((int)(reader.Name.Aggregate(2166136261u, (hash, c) => (hash ^ c) * 16777619) + (uint)i * 2654435761u));

    private static string Where(Exception e) =>
        Frame().Match(e.StackTrace ?? "") is { Success: true } frame ? $" in {frame.Groups[1].Value}" : "";

    [GeneratedRegex(@"\bat (LoraCollab\.(?!Borders)[\w.<>`]+)\(")]
    private static partial Regex Frame();

    [GeneratedRegex(@"\bSystem\.\w|\bMicrosoft\.\w|LoraCollab\.[A-Z]|\w+Exception\b|\bNullable|JsonElement|TokenType|\bUtf8\w+")]
    private static partial Regex DotNetName();
}
