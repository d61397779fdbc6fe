using System.Buffers.Binary;

namespace LoraCollab.Engine.Tests;

/// <summary>Two small models that others trained, against their published activations and loss.</summary>
public class TrainedModelTests
{
    private static string Folder(string name)
    {
        if (!Shared.Exists) Assert.Skip(Shared.Reason);
        return Shared.Path("data", "golden", name);
    }

    public static TheoryData<BackendKind> Backends => [BackendKind.Reference, BackendKind.Host];

    [Theory]
    [MemberData(nameof(Backends))]
    public void GptNanoSort_EveryActivation_MatchesThePublishedOnes(BackendKind kind)
    {
        using var checkpoint = HfCheckpoint.Open(Folder("gpt-nano-sort"));
        var partials = TensorBag.Load(Path.Combine(checkpoint.Folder, "partials.safetensors"));
        using var backend = TestBackends.Create(kind);
        using var model = GptModel.Frozen(backend, checkpoint);
        int[] ids = Array.ConvertAll(partials.Floats("idx"), x => (int)x); // stored as float32
        using var pass = new GptPass(model, backend, 3, 11, PassKind.Forward);
        var seen = new Outputs(backend);
        backend.Observer = seen;
        pass.Trunk(ids, 3, null);
        backend.Observer = null;

        foreach (var (partial, op) in Places)
            Tolerance.AssertClose(partial, partials.Floats(partial), seen.ByPlace[op], 1e-4);
        using var reader = new LogitReader(pass);
        float[] logits = reader.Read();
        Tolerance.AssertClose("lm_head", partials.Floats("lm_head"), logits, 1e-5);
        Assert.Equal(8.22776f, logits[0], 1e-4f);
        Tolerance.AssertClose("probs", partials.Floats("probs"), Softmax(logits, 3), 1e-5);
    }

    [Theory]
    [MemberData(nameof(Backends))]
    public void GptByHand_AllWindowsOfItsText_HaveTheKnownLoss(BackendKind kind)
    {
        using var checkpoint = HfCheckpoint.Open(Folder("gpt-by-hand"));
        byte[] bytes = File.ReadAllBytes(Path.Combine(checkpoint.Folder, "val.bin"));
        int[] text = [.. Enumerable.Range(0, bytes.Length / 2).Select(i => (int)BinaryPrimitives.ReadUInt16LittleEndian(bytes.AsSpan(2 * i)))];
        using var backend = TestBackends.Create(kind);
        using var model = GptModel.Frozen(backend, checkpoint);
        const int windows = 331, length = 8;
        using var pass = new GptPass(model, backend, windows, length, PassKind.Forward);
        int[] starts = [.. Enumerable.Range(0, windows)];

        var loss = pass.Evaluate(
            [.. starts.SelectMany(i => text[i..(i + length)])], [.. starts.SelectMany(i => text[(i + 1)..(i + 1 + length)])], windows, null);

        Assert.Equal(1.535566, loss.Mean, 1e-5);
    }

    // Where in the journey of a batch each published tensor stands.
    private static readonly (string Partial, string Place)[] Places =
    [
        ("x", "embed/embedding"), ("ln1", "h.0.ln_1/layernorm"), ("qkv", "h.0.attn.c_attn/matmul"), ("y", "h.0.attn/attention"),
            ("yProj", "h.0.attn.c_proj/matmul"),
        ("attnResid", "h.0.attn/add_dropout"), ("ln2", "h.0.ln_2/layernorm"), ("fc", "h.0.mlp.c_fc/matmul"), ("gelu", "h.0.mlp/gelu"),
            ("mlp", "h.0.mlp.c_proj/matmul"),
        ("mlpResid", "h.0.mlp/add_dropout"), ("block0", "h.0.mlp/add_dropout"), ("block1", "h.1.mlp/add_dropout"), ("block2", "h.2.mlp/add_dropout"),
            ("ln_f", "ln_f/layernorm"),
    ];

    private static float[] Softmax(float[] logits, int v)
    {
        var p = new float[logits.Length];
        for (int row = 0; row < logits.Length; row += v)
        {
            double sum = 0;
            for (int i = row; i < row + v; i++) sum += Math.Exp(logits[i]);
            for (int i = row; i < row + v; i++) p[i] = (float)(Math.Exp(logits[i]) / sum);
        }
        return p;
    }

    /// <summary>Keeps the last output of every op by scope and name.</summary>
    private sealed class Outputs(ComputeBackend backend) : IOpObserver
    {
        public Dictionary<string, float[]> ByPlace { get; } = [];

        public void Before(in OpCall call) { }

        public void After(in OpCall call)
        {
            var values = new float[call.Output.Length];
            backend.Download(values.AsSpan(), call.Output);
            ByPlace[$"{call.Scope}/{call.Op}"] = values;
        }
    }
}
