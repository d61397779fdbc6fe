namespace LoraCollab.Cli.Tests;

public class DocumentationTests
{
    private static string Text(params string[] path) => File.ReadAllText(Path.Combine([Shared.Repository, .. path]));

    [Fact]
    public void CommandsPage_OfEveryCommand_NamesEveryOption()
    {
        string page = Text("docs", "commands.md").ReplaceLineEndings("\n");
        foreach (string verb in CommandRegistry.Verbs)
        {
            int start = page.IndexOf($"\n## {verb}\n", StringComparison.Ordinal);
            Assert.True(start >= 0, $"docs/commands.md has no section on {verb}: run scripts/commands.sh");
            int end = page.IndexOf("\n## ", start + 4, StringComparison.Ordinal);
            string section = end < 0 ? page[start..] : page[start..end];
            foreach (string option in OptionTable.Of(CommandRegistry.Find(verb)!).Select(o => "--" + o.Name))
                Assert.True(section.Contains($"  {option}", StringComparison.Ordinal),
                    $"docs/commands.md does not name {verb} {option}: run scripts/commands.sh");
        }
    }

    [Fact]
    public void Readme_QuickStart_HasTheTwoCommands()
    {
        string readme = Text("README.md");
        Assert.Contains("    dotnet run -c Release --project src/Cli -- collab\n    dotnet test -c Release\n", readme.ReplaceLineEndings("\n"),
            StringComparison.Ordinal);
    }

    [Fact]
    public void Readme_Commands_NamesEveryOne()
    {
        string readme = Text("README.md");
        foreach (string verb in CommandRegistry.Verbs) Assert.Contains($"`{verb.Split(' ')[0]}`", readme, StringComparison.Ordinal);
    }

    /// <summary>Every command of docs/experiments.md makes a plan; its data and model need not be there for that.</summary>
    [Fact]
    public void ExperimentsPage_Commands_HaveAPlan()
    {
        string[] commands = [.. Text("docs", "experiments.md").Split('\n')
            .Where(l => l.StartsWith("    loracollab ", StringComparison.Ordinal)).Select(l => l.Split('#')[0].Trim())];
        Assert.True(commands.Length >= 8, $"{commands.Length} commands");
        foreach (string command in commands)
        {
            string[] words = command.Split(' ')[1..];
            var run = CliRun.Of(words[0] == "report" ? [words[0], "--help"] : [.. words.Append("--dry-run")]);
            Assert.True(run.ExitCode == 0, $"{command}: {run.Error}");
        }
    }
}
