
namespace LoraCollab.Cli.Tests;

/// <summary>Every documented command is read as it stands, and run at reduced size on stand-ins for the files it names.</summary>
public sealed class DocumentedCommandTests(StandIns standIns) : IClassFixture<StandIns>
{
    public static TheoryData<string, string> Commands()
    {
        var data = new TheoryData<string, string>();
        foreach (var (page, command) in DocumentedCommands.All) data.Add(page, command);
        return data;
    }

    /// <summary>All but `bench gemm`, which knows one size and takes a minute: it is read only.</summary>
    public static TheoryData<string, string> Reducible()
    {
        var data = new TheoryData<string, string>();
        foreach (var (page, command) in DocumentedCommands.All.Where(c => !c.Command.StartsWith("bench gemm", StringComparison.Ordinal)))
            data.Add(page, command);
        return data;
    }

    [Fact]
    public void Pages_Together_ShowEveryCommandThereIs()
    {
        var shown = DocumentedCommands.All.Select(c => Verb(DocumentedCommands.Words(c.Command)).Verb).ToHashSet();
        Assert.All(CommandRegistry.Verbs, verb => Assert.Contains(verb, shown));
    }

    [Theory]
    [MemberData(nameof(Commands))]
    public void Command_AsItStands_IsRead(string page, string command)
    {
        var (verb, rest) = Verb(DocumentedCommands.Words(command));
        var type = CommandRegistry.Find(verb);
        Assert.True(type is not null, $"{page}: {command}: there is no command {verb}");
        var (given, words) = CommandWords.Read(verb, type!, rest);
        Command.Of(type!, given, words);
    }

    [Theory]
    [MemberData(nameof(Reducible))]
    public void Command_AtReducedSize_Runs(string page, string command)
    {
        string[] words = Reduced(DocumentedCommands.Words(command));
        var run = CliRun.Of(words);
        Assert.True(run.ExitCode == 0, $"{page}: {command}\nran as {string.Join(' ', words)}\nexit code {run.ExitCode}: {run.Error}");
    }

    /// <summary>The same command on small data, with few steps. A command that is not named here runs as it stands, on stand-ins.</summary>
    private string[] Reduced(string[] words)
    {
        var (verb, rest) = Verb(words);
        // --every-run is for the folder of an experiment, which would take minutes to make.
        rest = [.. Local(verb, rest).Where(w => w != "--every-run")];
        bool preset = verb == "reproduce" || rest.Contains("--preset");
        string[] more = verb switch
        {
            _ when preset => [.. rest.Contains("--dry-run") ? (string[])[] : ["--dry-run"]],
            "collab" => [.. StandIns.Small, "--out", standIns.Output("")],
            "sweep" or "controls" => [.. StandIns.Small, "--seeds", "1", "--pretraining-rounds", "1", "--out", standIns.Output("")],
            "train" => ["--iterations", "2", "--sequence-length", "16", "--batch-size", "1", "--threads", "1"],
            "pretrain" => ["--iterations", "2", "--sequence-length", "16", "--batch-size", "1", "--layers", "1", "--threads", "1"],
            "train-tokenizer" => ["--vocab", "300"],
            "gradcheck" => ["--elements", "1"],
            "generate" => ["--length", "4"],
            "inspect why" => ["--iterations", "1", "--sequence-length", "16", "--batch-size", "1", "--threads", "1"],
            "inspect gradients" => ["--iterations", "1", "--batches", "1", "--sequence-length", "16", "--batch-size", "1", "--threads", "1"],
            "bench step" or "bench round" or "bench generate" => ["--layers", "1", "--heads", "2", "--embd", "8", "--vocab", "120", "--threads", "1"],
            "profile" when rest.Contains("--compare") => [],
            "profile" when rest.Contains("--collab") => [.. StandIns.Small[2..], "--iterations", "2"],
            "profile" => ["--iterations", "1", "--sequence-length", "16", "--batch-size", "1", "--threads", "1"],
            "explain" when rest.Contains("--sequence-length") => ["--sequence-length", "16"],
            "bench scaling" => ["--quick", "--threads", "1", "--out", standIns.Output("")],
            _ => [],
        };
        return [.. verb.Split(' '), .. With(rest, more)];
    }

    /// <summary>Values that name files, replaced by what is here.</summary>
    private string[] Local(string verb, string[] words)
    {
        string option = "";
        return [.. words.Select(word =>
        {
            if (word.StartsWith("--", StringComparison.Ordinal)) return option = word;
            string of = option;
            if (of is not ("--adapters" or "--compare")) option = ""; // take several values: what follows any other's is a word of the command
            return of switch
            {
                "--data" or "--pretraining-text" => standIns.Data(word),
                "--model" => StandIns.Model,
                "--tokenizer" when word != "chars" => StandIns.Model,
                "--out" or "--debug" => standIns.Output(word),
                "--run" => standIns.Run,
                "--compare" => standIns.Profile,
                "--adapter" => standIns.Adapter(0),
                "--adapters" => standIns.Adapter(word[^1] - '0'),
                "--in" => standIns.At(word),
                _ => word,
            };
        })];
    }

    /// <summary>The words with some options given, or given anew.</summary>
    private static string[] With(string[] words, string[] more)
    {
        static bool IsOption(string word) => word.StartsWith("--", StringComparison.Ordinal);
        var result = words.ToList();
        for (int i = 0; i < more.Length; i++)
        {
            if (!IsOption(more[i])) continue;
            int at = result.IndexOf(more[i]);
            if (at >= 0) result.RemoveRange(at, at + 1 < result.Count && !IsOption(result[at + 1]) ? 2 : 1);
            result.Add(more[i]);
            if (i + 1 < more.Length && !IsOption(more[i + 1])) result.Add(more[i + 1]);
        }
        return [.. result];
    }

    /// <summary>"bench", "step", ... → "bench step" and the rest.</summary>
    private static (string Verb, string[] Options) Verb(string[] words) =>
        words.Length > 1 && CommandRegistry.Find($"{words[0]} {words[1]}") is not null ? ($"{words[0]} {words[1]}", words[2..]) : (words[0], words[1..]);
}
