using System.Text.Json;

namespace LoraCollab.Cli.Tests;

/// <summary>An option is declared once, on a property: here one is added, and found everywhere.</summary>
public sealed class AddedOptionTests
{
    /// <summary>What a newcomer would write beside the record that it fills.</summary>
    private sealed record Added
    {
        [Option("patience", OptionGroup.Training, "Rounds without progress before giving up.", Least = 1, Most = 9, Also = ["waits"], Common = true)]
        public int Patience { get; init; } = 4;
    }

    [Verb("wait", "Waits.")]
    [Example("A little", "--patience 2")]
    private sealed class WaitCommand : Command
    {
        [Options]
        public Added Added { get; init; } = new();

        public override int Run(CommandContext context) => Added.Patience;
    }

    private static WaitCommand Read(params string[] words) =>
        (WaitCommand)Command.Of(typeof(WaitCommand), CommandWords.Read("wait", typeof(WaitCommand), words).Given);

    [Fact]
    public void CommandLine_OfIt_IsReadAndCheckedByTheDeclaration()
    {
        Assert.Equal(4, Read().Added.Patience);
        Assert.Equal(7, Read("--patience", "7").Added.Patience);
        Assert.Equal(7, Read("--waits=7").Added.Patience);
        Assert.Equal("--patience '10': expected a whole number from 1 to 9", Assert.Throws<OptionException>(() => Read("--patience", "10")).Spelled);
        Assert.Contains("did you mean --patience?", Assert.Throws<UsageException>(() => Read("--patient", "1")).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Library_Check_HasTheSameRange() =>
        Assert.Equal("patience 0: expected a whole number from 1 to 9",
            Assert.Throws<OptionException>(() => OptionTable.Check(new Added { Patience = 0 })).Message);

    [Fact]
    public void Help_OfIt_HasTextDefaultAndExample()
    {
        string page = Help.Of(typeof(WaitCommand), 100, all: true);
        Assert.Contains("--patience N", page, StringComparison.Ordinal);
        Assert.Contains("Rounds without progress before giving up. Default: 4.", page, StringComparison.Ordinal);
        Assert.Contains("  loracollab wait --patience 2", page, StringComparison.Ordinal);
        Assert.DoesNotContain("waits ", page, StringComparison.Ordinal);
    }

    [Fact]
    public void Json_OfTheRecord_HasIt() => Assert.Equal("{\"Patience\":4}", JsonSerializer.Serialize(new Added()));

    /// <summary>Presets, sweeps, replay and completion know an option of collab's record as soon as it is declared there: they ask the same table.</summary>
    [Fact]
    public void Collab_EveryOption_IsKnownToPresetsSweepReplayAndPage()
    {
        using var folder = new TemporaryFolder();
        string page = File.ReadAllText(Path.Combine(Shared.Repository, "docs", "commands.md")), script = CliRun.Of("completion", "bash").Out;
        foreach (var option in OptionTable.Of(typeof(CollaborationOptions)))
        {
            string preset = $"{{ \"about\": \"x\", \"options\": {{ \"{option.Name}\": true }}, \"scales\": {{}} }}";
            Assert.Equal("true", Preset.Read(folder.File("own.json", preset)).Options[option.Name].ToString(), ignoreCase: true);
            Assert.NotNull(OptionTable.Find(typeof(CollabCommand), option.Name));
            Assert.Equal(option.Group == OptionGroup.Trust, OptionTable.Find(typeof(ReplayCommand), option.Name) is not null);
            Assert.Contains($"  --{option.Name}", page, StringComparison.Ordinal);
            Assert.Contains($"--{option.Name}", script, StringComparison.Ordinal);
        }
    }
}
