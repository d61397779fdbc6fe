namespace LoraCollab.Cli.Tests;

public sealed class DumpTests
{
    [Theory]
    [InlineData("tiny", true)]
    [InlineData("attention", true)]
    [InlineData("query-only", false)]
    public void Dump_OfAGoldenBatch_HasEveryExpectedTensor(string fixture, bool withAdapter)
    {
        if (!Shared.Exists) Assert.Skip(Shared.Reason);
        using var folder = new TemporaryFolder();
        string output = folder.At("dump.safetensors"), golden = Shared.Path("golden", fixture);
        string[] adapter = withAdapter ? ["--adapter", Path.Combine(golden, "adapter")] : [];
        var run = CliRun.Of(["dump", "--model", Path.Combine(golden, "model"), .. adapter, "--batch", Path.Combine(golden, "batch.safetensors"),
            "--out", output, "--backend", "reference"]);
        Assert.True(run.ExitCode == 0, run.Error);
        var expected = TensorBag.Load(Path.Combine(golden, withAdapter ? "expected_lora.safetensors" : "expected_full.safetensors"));
        var found = TensorBag.Load(output);
        foreach (string name in expected.Names)
        {
            Assert.Equal(expected.Shape(name), found.Shape(name));
            Tolerance.AssertClose(name, expected.Floats(name), found.Floats(name), 1e-5);
        }
    }

    [Fact]
    public void Dump_BatchThatDoesNotFit_IsRefused()
    {
        using var model = new SmallModel();
        string At(int[] shape, int[] ids, int[] targets, string name)
        {
            var bag = new TensorBag();
            bag.Add("input_ids", shape, ids);
            bag.Add("targets", [1, targets.Length], targets);
            bag.Save(model.At(name));
            return model.At(name);
        }
        string[] Args(string batch) => ["dump", "--model", model.Folder, "--batch", batch, "--out", model.At("out.safetensors"), "--backend", "reference"];
        CliRun.Refused(["999", "vocabulary"], Args(At([1, 3], [0, 999, 1], [1, 1, 1], "beyond.safetensors")));
        CliRun.Refused(["-2", "vocabulary"], Args(At([1, 3], [0, -2, 1], [1, 1, 1], "below.safetensors")));
        CliRun.Refused(["input_ids has shape [3]"], Args(At([3], [0, 1, 1], [1, 1, 1], "flat.safetensors")));
        CliRun.Refused(["targets has shape"], Args(At([1, 3], [0, 1, 1], [1, 1], "short.safetensors")));
        CliRun.Refused(["context"], Args(At([1, 17], new int[17], new int[17], "long.safetensors")));
        CliRun.Refused(["none.safetensors"], Args(model.At("none.safetensors")));
        CliRun.Refused(["empty.safetensors"], Args(model.File("empty.safetensors", "")));
        CliRun.Refused(["text.safetensors"], Args(model.File("text.safetensors", "this is no tensor file, whatever its name says")));
        byte[] whole = File.ReadAllBytes(model.At("beyond.safetensors"));
        File.WriteAllBytes(model.At("cut.safetensors"), whole[..^4]);
        CliRun.Refused(["cut.safetensors"], Args(model.At("cut.safetensors")));
        CliRun.Refused([model.Text], "dump", "--model", model.Folder, "--batch", At([1, 3], [0, 1, 1], [1, 1, 1], "good.safetensors"),
            "--out", Path.Combine(model.Text, "out"), "--backend", "reference");
    }
}
