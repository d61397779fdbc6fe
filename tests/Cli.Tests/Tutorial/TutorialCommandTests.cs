namespace LoraCollab.Cli.Tests;

/// <summary>What the tutorial shows below a command is what the command prints.</summary>
public sealed class TutorialCommandTests(TutorialRuns runs) : IClassFixture<TutorialRuns>
{
    public static TheoryData<int, string> Commands()
    {
        var data = new TheoryData<int, string>();
        for (int i = 0; i < TutorialPage.Commands.Count; i++) data.Add(i, TutorialPage.Commands[i].Command);
        return data;
    }

    /// <summary>A line "…" of the page stands for lines that it leaves out; a page that shows nothing claims nothing.</summary>
    [Theory]
    [MemberData(nameof(Commands))]
    public void Command_AsShown_PrintsWhatThePageShows(int number, string command)
    {
        Assert.True(runs[number].ExitCode == 0, $"{command}\nexit code {runs[number].ExitCode}: {runs[number].Error}");
        string[] printed = runs.Output(number), shown = [.. TutorialRuns.Lines(TutorialPage.Commands[number].Output)];
        if (shown.Length == 0) return;
        int at = 0;
        bool anywhere = false;
        foreach (string line in shown)
        {
            if (line == "…")
            {
                anywhere = true;
                continue;
            }
            int found = anywhere ? Array.IndexOf(printed, line, at) : at < printed.Length && printed[at] == line ? at : -1;
            Assert.True(found >= 0, $"{command}\nthe page shows '{line}'\nprinted from line {at + 1} on:\n{string.Join('\n', printed[at..])}");
            (at, anywhere) = (found + 1, false);
        }
        Assert.True(anywhere || at == printed.Length, $"{command}\nalso printed:\n{string.Join('\n', printed[at..])}");
    }
}
