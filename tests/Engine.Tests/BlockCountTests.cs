namespace LoraCollab.Engine.Tests;

/// <summary>What a block of GPT-2's sizes costs, counted by hand from the shapes, against what its ops report while they run on the host.</summary>
public sealed class BlockCountTests
{
    // B = 2 sequences of T = 5 positions, so 10 rows; C = 768 channels in NH = 12 heads of HS = 64; adapters of rank 4 on all four projections.
    private const long B = 2, T = 5, Rows = 10, C = 768, NH = 12, HS = 64, R = 4, V = 97;
    private static readonly GptConfig Config = new(2, (int)NH, (int)C, (int)V, 16);
    private static readonly LoraOptions Lora = new() { Rank = (int)R, Targets = LoraTargets.All };

    private sealed class Recorder : IOpObserver
    {
        public List<string> Calls { get; } = [];

        public void Before(in OpCall call) => Calls.Add(Line(call.Scope, call.Op, call.Flops, call.Bytes));

        public void After(in OpCall call) { }
    }

    /// <summary>In block 1, the upper one, whose backward pass goes all the way through.</summary>
    [Fact]
    public void ForwardPass_OfABlock_CostsWhatTheShapesSay()
    {
        using var lane = TestBackends.Create(BackendKind.Host);
        using var model = GptModel.Frozen(lane, new RandomWeights(Config, 1));
        using var pass = new GptPass(model, lane, (int)B, (int)T, PassKind.Forward);
        var recorder = new Recorder();
        lane.Observer = recorder;
        pass.Evaluate(SmallModel.Ids((int)Rows, (int)V), SmallModel.Ids((int)Rows, (int)V, 1), (int)B, null);

        // A multiply and an add for each input of each output; x and y once, W and b once.
        AssertBlock(recorder,
            Line("h.1.ln_1", "layernorm", 8 * Rows * C, 4 * (Rows * C + Rows * C + Rows + Rows + C + C)), // x, y, μ, ρ, γ, β
            Line("h.1.attn.c_attn", "matmul", 2 * Rows * 768 * 2304, 4 * (Rows * 768 + 768 * 2304 + 2304 + Rows * 2304)),
            // Causal: a position sees 1 … T others, 15 pairs a head; q·k and p·v are 2·HS each. q, k, v and y once, and a log-sum for each row and head.
            Line("h.1.attn", "attention", B * NH * 15 * (2 * HS + 2 * HS), 4 * (3 * Rows * C + Rows * C + Rows * NH)),
            Line("h.1.attn.c_proj", "matmul", 2 * Rows * 768 * 768, 4 * (Rows * 768 + 768 * 768 + 768 + Rows * 768)),
            // Nothing is kept, so that the stream is added to in place: an addition, y read and written, x read.
            Line("h.1.attn", "add_dropout", Rows * C, 4 * (2 * Rows * C + Rows * C)),
            Line("h.1.ln_2", "layernorm", 8 * Rows * C, 4 * (Rows * C + Rows * C + Rows + Rows + C + C)),
            Line("h.1.mlp.c_fc", "matmul", 2 * Rows * 768 * 3072, 4 * (Rows * 768 + 768 * 3072 + 3072 + Rows * 3072)),
            Line("h.1.mlp", "gelu", 16 * Rows * 3072, 4 * 2 * Rows * 3072), // nominally 16 an element
            Line("h.1.mlp.c_proj", "matmul", 2 * Rows * 3072 * 768, 4 * (Rows * 3072 + 3072 * 768 + 768 + Rows * 768)),
            Line("h.1.mlp", "add_dropout", Rows * C, 4 * (2 * Rows * C + Rows * C)));
        // x·W for the loss; x, W, a loss, an argmax and a target for each row.
        Assert.Equal(Line("lm_head", "classifier", 2 * Rows * C * V, 4 * (Rows * C + C * V + Rows + Rows + Rows)), recorder.Calls[^1]);
        // A row of wte for each row, T rows of wpe, the ids, and x.
        Assert.Equal(Line("embed", "embedding", Rows * C, 4 * (Rows * C + T * C + Rows + Rows * C)), recorder.Calls[0]);
    }

    [Fact]
    public void AdapterStep_OfABlock_CostsWhatTheShapesSay()
    {
        using var lane = TestBackends.Create(BackendKind.Host);
        using var model = GptModel.Frozen(lane, new RandomWeights(Config, 1));
        var options = new TrainingOptions
        {
            BatchSize = (int)B,
            SequenceLength = (int)T,
            Dropout = DropoutRates.Of(0.1f, 0.1f),
            AdamW = new() { ClipNorm = 1 },
        };
        using var trainer = new LoraTrainer(model, Lora, options, client: 0);
        using var pass = new GptPass(model, lane, (int)B, (int)T, PassKind.Lora, Lora);
        var recorder = new Recorder();
        lane.Observer = recorder;
        trainer.Step(pass, SmallModel.Fixed((int)V));

        long stream = Rows * C;
        AssertBlock(recorder,
        [
            // Forward: as without adapters, and the stream is copied before it is added to, because the backward pass wants both.
            Line("h.1.ln_1", "layernorm", 8 * stream, 4 * (2 * stream + 2 * Rows + 2 * C)),
            .. Project("h.1.attn.c_attn", 768, 2304),
            Line("h.1.attn", "attention", B * NH * 15 * 4 * HS, 4 * (4 * stream + Rows * NH)),
            .. Project("h.1.attn.c_proj", 768, 768),
            Line("h.1.attn", "copy", 0, 4 * 2 * stream),
            Line("h.1.attn", "add_dropout", 2 * stream, 4 * 3 * stream), // a multiplication by the mask and an addition
            Line("h.1.ln_2", "layernorm", 8 * stream, 4 * (2 * stream + 2 * Rows + 2 * C)),
            .. Project("h.1.mlp.c_fc", 768, 3072),
            Line("h.1.mlp", "gelu", 16 * Rows * 3072, 4 * 2 * Rows * 3072),
            .. Project("h.1.mlp.c_proj", 3072, 768),
            Line("h.1.mlp", "copy", 0, 4 * 2 * stream),
            Line("h.1.mlp", "add_dropout", 2 * stream, 4 * 3 * stream),
            // Backward: the same list from its end.
            Line("h.1.mlp", "dropout", stream, 4 * 2 * stream),
            .. ProjectBackward("h.1.mlp.c_proj", 3072, 768),
            Line("h.1.mlp", "gelu_backward", 24 * Rows * 3072, 4 * 3 * Rows * 3072), // dy, x, dx; nominally 24 an element
            .. ProjectBackward("h.1.mlp.c_fc", 768, 3072),
            // dx is read and written because it adds to the stream's gradient; dy, x; μ, ρ; γ.
            Line("h.1.ln_2", "layernorm_backward", 14 * stream, 4 * (2 * stream + stream + stream + 2 * Rows + C)),
            Line("h.1.attn", "dropout", stream, 4 * 2 * stream),
            .. ProjectBackward("h.1.attn.c_proj", 768, 768),
            // Five products for each pair: s again, dp, dq, dk, dv. dq dk dv, dy, q k v, y, and the log-sums.
            Line("h.1.attn", "attention_backward", B * NH * 15 * 5 * 2 * HS, 4 * (3 * stream + stream + 3 * stream + stream + Rows * NH)),
            .. ProjectBackward("h.1.attn.c_attn", 768, 2304),
            Line("h.1.ln_1", "layernorm_backward", 14 * stream, 4 * (4 * stream + 2 * Rows + C)),
        ]);
        // Two blocks of A and B for four projections.
        long adapter = 2 * R * (768 + 2304 + 768 + 768 + 768 + 3072 + 3072 + 768);
        Assert.Equal(
        [
            Line("adamw", "squared_norm", 2 * adapter, 4 * (adapter + 1)),
            Line("adamw", "adamw", 15 * adapter, 4 * 7 * adapter), // θ, m, v read and written, the gradient read
        ], recorder.Calls.TakeLast(2));
        // z = x·W once more and dx = g·Wᵀ; x, W, dx; a loss, an argmax and a target for each row.
        Assert.Contains(Line("lm_head", "classifier_backward", 2 * 2 * Rows * C * V, 4 * (2 * stream + C * V + 3 * Rows)), recorder.Calls);
    }

    /// <summary>y = x·W + b, then u = x·Aᵀ and y += s·u·Bᵀ: x, u, A and B once, y read and written.</summary>
    private static IEnumerable<string> Project(string scope, long ic, long oc) =>
    [
        Line(scope, "matmul", 2 * Rows * ic * oc, 4 * (Rows * ic + ic * oc + oc + Rows * oc)),
        Line(scope, "lora", 2 * Rows * R * ic + 2 * Rows * R * oc, 4 * (Rows * ic + Rows * R + R * ic + oc * R + 2 * Rows * oc)),
    ];

    /// <summary>dx = dy·Wᵀ; then du, dB, dA and dx of the adapter: dy, u, x, A, B and du once; dx, dA and dB are added to.</summary>
    private static IEnumerable<string> ProjectBackward(string scope, long ic, long oc) =>
    [
        Line(scope, "matmul_backward_input", 2 * Rows * ic * oc, 4 * (Rows * oc + ic * oc + Rows * ic)),
        Line(scope, "lora_backward", 2 * Rows * R * (oc + oc + ic + ic),
            4 * (Rows * oc + Rows * R + Rows * ic + R * ic + oc * R + Rows * R + 2 * Rows * ic + 2 * R * ic + 2 * oc * R)),
    ];

    private static void AssertBlock(Recorder recorder, params string[] expected) =>
        Assert.Equal(expected, recorder.Calls.Where(line => line.StartsWith("h.1.", StringComparison.Ordinal)));

    private static string Line(string scope, string op, long flops, long bytes) => $"{scope} {op}: {flops} FLOPs, {bytes} bytes";
}
