namespace LoraCollab.Report.Tests;

public sealed class ExperimentTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void Experiment_WrittenAndRead_IsTheSame()
    {
        var written = new Experiment
        {
            Name = "sweep",
            Family = "news",
            Scale = "own",
            Cells =
            [
                new("news", "mixed", "paper, trap 7=corrected", 3, "runs/0123456789ab", "lr", "1e-2", "loracollab collab --seed 3"),
                new("news", "specific", "corrected", 4, "runs/other"),
            ],
        };
        written.Write(folder.At("made", "here"));
        var read = Experiment.Read(folder.At("made", "here"));
        Assert.Equal((written.Name, written.Family, written.Scale), (read.Name, read.Family, read.Scale));
        Assert.Equal(written.Cells, read.Cells);
        string text = File.ReadAllText(folder.At("made", "here", "experiment.json"));
        Assert.Contains("\"run\": \"runs/0123456789ab\"", text, StringComparison.Ordinal);
        Assert.DoesNotContain("null", text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("{\"name\": \"x\"}")]
    [InlineData("{\"name\": \"x\", \"family\": \"news\", \"scale\": \"own\", \"cells\": [], \"more\": 1}")]
    [InlineData("null")]
    [InlineData("[]")]
    public void Experiment_OfForeignText_IsRefusedByName(string text)
    {
        File.WriteAllText(folder.At("experiment.json"), text);
        Assert.Contains("experiment.json", Assert.Throws<UserException>(() => Experiment.Read(folder.Path)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Sets_OfAFolderWithoutItsRuns_AreRefusedByName()
    {
        var experiment = new Experiment { Name = "x", Family = "news", Scale = "own", Cells = [new("news", "specific", "corrected", 1, "runs/gone")] };
        Assert.Contains("gone", Assert.Throws<UserException>(() => ExperimentSet.Of(experiment, folder.Path)).Message, StringComparison.Ordinal);
    }
}
