using System.Text.Json;

namespace LoraCollab.Cli.Tests;

/// <summary>inspect attention and inspect logits: a text under a model and adapters.</summary>
public sealed class InspectTextTests(StandIns files) : IClassFixture<StandIns>
{
    private const string Sentence = "The council promised to move";

    private static JsonElement Json(params string[] args)
    {
        var run = CliRun.Of([.. args, "--json", "--threads", "1", "--backend", "reference"]);
        Assert.True(run.ExitCode == 0, run.Error);
        return JsonDocument.Parse(run.Out).RootElement;
    }

    [Fact]
    public void Attention_BetweenTwoClients_HasRowsThatSumToOneAndAPictureALayer()
    {
        string output = files.At("attention");
        var found = Json("inspect attention", "--text", Sentence, "--run", files.Run, "--client", "0", "--other", "2", "--out", output);
        var models = found.GetProperty("models").EnumerateArray().ToArray();
        Assert.Equal(["base", "client 0", "client 2"], models.Select(m => m.GetProperty("name").GetString()));
        int tokens = found.GetProperty("tokens").GetArrayLength();
        foreach (var head in models.SelectMany(m => m.GetProperty("heads").EnumerateArray()))
        {
            var rows = head.GetProperty("rows").EnumerateArray().Select(r => r.EnumerateArray().Sum(p => p.GetDouble())).ToArray();
            Assert.Equal(tokens, rows.Length);
            Assert.All(rows, sum => Assert.Equal(1, sum, 1e-6));
        }
        for (int layer = 0; layer < 4; layer++)
            Assert.All(new[] { ".png", ".svg" }, end => Assert.True(new FileInfo(Path.Combine(output, $"attention-{layer}{end}")).Length > 5000));
    }

    [Fact]
    public void Attention_OfOneHead_ListsItAlone()
    {
        var run = CliRun.Of("inspect attention", "--text", Sentence, "--layer", "2", "--head", "3", "--adapter", files.Adapter(1), "--threads", "1");
        Assert.True(run.ExitCode == 0, run.Error);
        Assert.Contains("2.3 ", run.Out, StringComparison.Ordinal);
        Assert.DoesNotContain("2.2 ", run.Out, StringComparison.Ordinal);
        Assert.Contains("largest", run.Out, StringComparison.Ordinal);
    }

    [Fact]
    public void Logits_BeforeAndAfterAnAdapter_HaveTheLossOfADump()
    {
        var models = Json("inspect logits", "--text", Sentence, "--adapter", files.Adapter(1), "--most-probable", "4")
            .GetProperty("models").EnumerateArray().ToArray();
        var positions = models[0].GetProperty("positions").EnumerateArray().ToArray();
        Assert.All(positions, p => Assert.Equal(4, p.GetProperty("top").GetArrayLength()));
        int[] ids = [.. positions.Select(p => p.GetProperty("id").GetInt32())];
        var batch = new TensorBag();
        batch.Add("input_ids", [1, ids.Length], ids);
        batch.Add("targets", [1, ids.Length], [.. ids[1..], -1]);
        batch.Save(files.At("sentence.safetensors"));
        double Loss(params string[] more) =>
            Json(["dump", "--batch", files.At("sentence.safetensors"), "--out", files.At("dump.safetensors"), .. more]).GetProperty("loss").GetDouble();
        double before = Loss(), after = Loss("--adapter", files.Adapter(1));
        Assert.Equal(before, models[0].GetProperty("mean_loss").GetDouble(), 1e-4);
        Assert.Equal(after, models[1].GetProperty("mean_loss").GetDouble(), 1e-4);
    }

    [Fact]
    public void Logits_AsATable_MarksWhatFollowsAndWhatIsNew()
    {
        var run = CliRun.Of("inspect logits", "--text", Sentence, "--threads", "1");
        Assert.True(run.ExitCode == 0, run.Error);
        Assert.Contains("→ ·promised", run.Out, StringComparison.Ordinal);
        Assert.Contains("*  il", run.Out, StringComparison.Ordinal);
        Assert.DoesNotContain("left", run.Out, StringComparison.Ordinal);
    }

    [Fact]
    public void Text_WrongInput_IsRefusedByName()
    {
        foreach (string verb in new[] { "inspect attention", "inspect logits" })
        {
            CliRun.Refused([$"error: {verb}: --text is required", $"loracollab {verb} --help"], verb);
            CliRun.Refused(["two tokens or more, found 1"], verb, "--text", "The");
            CliRun.Refused(["context of 64"], verb, "--text", string.Concat(Enumerable.Repeat(Sentence, 20)));
            CliRun.Refused(["--run DIR"], verb, "--text", Sentence, "--client", "1");
            CliRun.Refused(["--client"], verb, "--text", Sentence, "--run", files.Run, "--client", "4");
            CliRun.Refused(["--schemes karma"], verb, "--text", Sentence, "--run", files.Run, "--scheme", "karma");
            CliRun.Refused(["exclude each other"], verb, "--text", Sentence, "--run", files.Run, "--adapter", files.Adapter(0));
        }
        CliRun.Refused(["--layer"], "inspect attention", "--text", Sentence, "--layer", "4");
        CliRun.Refused(["--most-probable"], "inspect logits", "--text", Sentence, "--most-probable", "0");
    }
}
