namespace LoraCollab.Cli.Tests;

public class TrainTokenizerTests
{
    [Fact]
    public void TrainTokenizer_FromText_IsReadBackByTokenize()
    {
        using var folder = new TemporaryFolder();
        string text = folder.File("text.txt", string.Concat(Enumerable.Repeat("the cat sat on the mat\n", 20)));
        var trained = CliRun.Of("train-tokenizer", "--data", text, "--vocab", "300", "--out", folder.At("t"));
        Assert.Equal((0, ""), (trained.ExitCode, trained.Error));
        var ids = CliRun.Of("tokenize", "--tokenizer", folder.At("t"), "--in", folder.File("probe.txt", " the"), "--json");
        Assert.Matches(@"^\[\d+\]\s*$", ids.Out);
    }

    [Fact]
    public void TrainTokenizer_WrongInput_IsRefusedByName()
    {
        using var folder = new TemporaryFolder();
        string text = folder.File("text.txt", "some text");
        CliRun.Refused(["empty.txt", "empty"], "train-tokenizer", "--data", folder.File("empty.txt", ""), "--out", folder.At("t"));
        CliRun.Refused(["none.txt"], "train-tokenizer", "--data", folder.At("none.txt"), "--out", folder.At("t"));
        CliRun.Refused(["--vocab '12'", "257"], "train-tokenizer", "--data", text, "--vocab", "12", "--out", folder.At("t"));
        CliRun.Refused(["--vocab '1,024'"], "train-tokenizer", "--data", text, "--vocab", "1,024", "--out", folder.At("t"));
        CliRun.Refused(["text.txt"], "train-tokenizer", "--data", text, "--vocab", "260", "--out", Path.Combine(text, "below-a-file"));
    }
}
