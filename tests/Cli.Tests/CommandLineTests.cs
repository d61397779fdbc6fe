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
        foreach (string verb in CommandRegistry.Verbs.Where(v => !v.StartsWith("bench ", StringComparison.Ordinal)))
            foreach (var (option, help) in Help.Options(CommandRegistry.Find(verb)!))
                if (!meanings.TryAdd(option, help)) Assert.True(meanings[option] == help, $"{verb} {option}: '{help}' against '{meanings[option]}'");
        Assert.NotEmpty(meanings);
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
    [InlineData("the scheme fedprox is not among --schemes local,fedavg", "collab", "--schemes", "local,fedavg", "--method", "fedprox.mu=1")]
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
    public void CommandLine_WithAMistake_IsRefusedByName(string expected, params string[] args) => CliRun.Refused([expected], args);
}
