namespace LoraCollab.Cli.Tests;

public class CommandLineTests
{
    [Fact]
    public void Version_Asked_NamesCommitAndInstructionSet()
    {
        var run = CliRun.Of("--version");
        Assert.Equal(0, run.ExitCode);
        Assert.Matches(@"^loracollab \S+ \(commit \S+\), (AVX-512|AVX2|SSE|128-bit vectors|scalar), ", run.Out);
    }

    [Fact]
    public void Help_Asked_ListsEveryCommand()
    {
        var run = CliRun.Of("--help");
        Assert.Equal(0, run.ExitCode);
        foreach (string verb in CommandRegistry.Verbs) Assert.Contains($"  {verb} ", run.Out, StringComparison.Ordinal);
    }

    [Fact]
    public void Help_OfEveryCommand_HasAnExampleAndFitsThePage()
    {
        foreach (string verb in CommandRegistry.Verbs)
        {
            var run = CliRun.Of([.. verb.Split(' '), "--help"]);
            Assert.Equal(0, run.ExitCode);
            Assert.Contains("USAGE:", run.Out, StringComparison.Ordinal);
            Assert.Contains($"  loracollab {verb}", run.Out, StringComparison.Ordinal);
            Assert.All(run.Out.Split('\n'), line => Assert.True(line.TrimEnd().Length <= 120, line));
        }
    }

    [Fact]
    public void Option_OfTheSameName_MeansTheSameInEveryCommand()
    {
        var meanings = new Dictionary<string, string>();
        foreach (string verb in CommandRegistry.Verbs)
            foreach (var option in OptionTable.Of(CommandRegistry.Find(verb)!))
                if (!meanings.TryAdd(option.Name, option.About))
                    Assert.True(meanings[option.Name] == option.About, $"{verb} --{option.Name}: '{option.About}' against '{meanings[option.Name]}'");
        Assert.NotEmpty(meanings);
    }

    [Theory]
    [InlineData("bench step", "--batch 2 --seq 32 --steps 3", "--batch-size 2 --iterations 3 --sequence-length 32")]
    [InlineData("inspect trust", "--scheme weights", "--schemes weights")]
    [InlineData("gradcheck", "--layer norm", "--layers-of norm")]
    public void Option_ByItsOlderName_IsRead(string verb, string older, string now)
    {
        var (given, _) = CommandWords.Read(verb, CommandRegistry.Find(verb)!, older.Split(' '));
        Assert.Equal(" " + now, CommandWords.Of(given));
        Assert.DoesNotContain(older.Split(' ')[0] + " ", CliRun.Of([.. verb.Split(' '), "--help", "all"]).Out, StringComparison.Ordinal);
    }

    [Fact]
    public void Values_AsWords_AreACommandLineAgain()
    {
        var given = new OptionValues().Set("out", "my folder").Set("fresh").Set("trap", "5=paper", "8=paper").SetDefault("out", "other");
        Assert.Equal(" --fresh --out 'my folder' --trap 5=paper 8=paper", CommandWords.Of(given));
        Assert.Equal(" --fresh", CommandWords.Of(new OptionValues(given).Remove("out", "trap")));
    }

    [Fact]
    public void Option_GivenByBothNames_IsRefused() =>
        CliRun.Refused(["--iterations is given more than once"], "bench", "step", "--steps", "2", "--iterations", "2");

    /// <summary>Of many options the page has the ten most used with their text, and the names of all others.</summary>
    [Fact]
    public void Help_OfManyOptions_BeginsWithTheTenMostUsed()
    {
        string page = CliRun.Of("collab", "--help").Out, whole = CliRun.Of("collab", "--help", "all").Out;
        Assert.Equal(10, page.Split('\n').Count(l => l.StartsWith("  --", StringComparison.Ordinal)));
        foreach (var option in OptionTable.Of(typeof(CollabCommand)))
        {
            Assert.Contains("--" + option.Name, page, StringComparison.Ordinal);
            Assert.Contains("\n  --" + option.Name, whole, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("bash")]
    [InlineData("zsh")]
    [InlineData("pwsh")]
    public void Completion_OfAShell_KnowsEveryCommandAndOption(string shell)
    {
        string script = CliRun.Of("completion", shell).Out;
        foreach (var type in CommandRegistry.All)
        {
            Assert.Contains(VerbAttribute.Of(type).Name, script, StringComparison.Ordinal);
            Assert.All(OptionTable.Of(type), o => Assert.Contains("--" + o.Name, script, StringComparison.Ordinal));
        }
    }

    [Fact]
    public void Completion_InBash_CompletesCommandsOptionsAndValues()
    {
        if (OperatingSystem.IsWindows()) Assert.Skip("there is no bash");
        using var folder = new TemporaryFolder();
        string script = folder.File("complete.sh", CliRun.Of("completion", "bash").Out + """
            try() { COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); COMPREPLY=(); _loracollab; echo "${COMPREPLY[*]}"; }
            try loracollab coll
            try loracollab bench sta
            try loracollab inspect trust --rou
            try loracollab collab --backend ref
            try loracollab train letters --checkpoint

            """.ReplaceLineEndings("\n"));
        using var bash = System.Diagnostics.Process.Start(new System.Diagnostics.ProcessStartInfo("bash", script) { RedirectStandardOutput = true })!;
        Assert.Equal("collab\nstart\n--round\nreference\n--checkpoint-every\n", bash.StandardOutput.ReadToEnd());
    }

    [Fact]
    public void NoArguments_Given_NamesTheCommands() => CliRun.Refused(["no command given", "tokenize"]);

    [Theory]
    [InlineData("did you mean tokenize?", "tokenise")]
    [InlineData("unknown command", "frobnicate")]
    [InlineData("unknown command", "--lr", "5")]
    [InlineData("did you mean --tokenizer?", "tokenize", "--tokeniser", "x")]
    [InlineData("did you mean --neighbours?", "collab", "--top-k", "2")]
    [InlineData("did you mean --neighbours?", "replay", "--top-k", "2")]
    [InlineData("did you mean neighbours?", "sweep", "--over", "top-k", "--values", "2,4")]
    [InlineData("the scheme fedprox is not among the schemes local,fedavg", "collab", "--schemes", "local,fedavg", "--method", "fedprox.mu=1")]
    [InlineData("a value is there twice", "sweep", "--over", "lr", "--values", "1e-2,0.01")]
    [InlineData("a value is empty", "sweep", "--over", "lr", "--values", ",")]
    [InlineData("--rank '0'", "sweep", "--over", "rank", "--values", "0,2", "--dry-run")]
    [InlineData("--rank '0'", "reproduce", "--rank", "0", "--dry-run")]
    [InlineData("--clients 3", "controls", "--kind", "different", "--clients", "3", "--dry-run")]
    [InlineData("--rank '0'", "controls", "--rank", "0", "--dry-run")]
    [InlineData("compares local, fedavg", "controls", "--phase", "--schemes", "local,fedavg", "--dry-run")]
    [InlineData("did you mean --top-k?", "generate", "--topk", "2")]
    [InlineData("unknown option -x", "tokenize", "--in", "a", "-x")]
    [InlineData("unknown option --", "tokenize", "--in", "a", "--", "b")]
    [InlineData("--in needs a value", "tokenize", "--in")]
    [InlineData("--in needs a value", "tokenize", "--in", "--json")]
    [InlineData("--in has an empty value", "tokenize", "--in", "")]
    [InlineData("--in has an empty value", "tokenize", "--in=")]
    [InlineData("--in is required", "tokenize")]
    [InlineData("--in is given more than once", "tokenize", "--in", "a", "--in", "b")]
    [InlineData("--json takes no value", "tokenize", "--in", "a", "--json=true")]
    [InlineData("'true' belongs to no option", "tokenize", "--in", "a", "--json", "true")]
    [InlineData("did you mean tokenize?", "help", "tokenise")]
    [InlineData("did you mean inspect gradients?", "inspect", "grad")]
    [InlineData("did you mean --schemes fedavg_tokens?", "collab", "--fedavg-by-tokens")]
    [InlineData("trap 15 is the same in both modes", "collab", "--trap", "15=paper")]
    public void CommandLine_WithAMistake_IsRefusedByName(string expected, params string[] args) => CliRun.Refused([expected], args);
}
