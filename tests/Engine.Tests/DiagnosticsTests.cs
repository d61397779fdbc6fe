namespace LoraCollab.Engine.Tests;

public class DiagnosticsTests
{
    private static readonly LoraOptions Lora = new() { Rank = 2, Alpha = 4 };

    [Fact]
    public void Step_NaNInTheAdapter_NamesItsTensor()
    {
        using var backend = Backends.Create(BackendKind.Reference, 1);
        using var model = GptModel.Frozen(backend, new SmallModel(SmallModel.Tiny));
        using var trainer = new LoraTrainer(model, Lora, new TrainingOptions { BatchSize = 1, SequenceLength = 4 }, client: 0);
        using var pass = new GptPass(model, backend, 1, 4, PassKind.Lora, Lora);
        var values = SmallModel.AdapterValues(model.Config, Lora);
        string name = LoraLayout.NameOfB(1, Projection.AttnCProj);
        trainer.Adapter.Layout.Of(values, name)[3] = float.NaN;
        trainer.Adapter.Set(values);

        var error = Assert.Throws<NonFiniteException>(() => trainer.Step(pass, SmallModel.Fixed(13)));

        Assert.StartsWith(name, error.Tensor);
        Assert.Contains("element 3", error.Message);
        Assert.Contains("step 0", error.Message);
        Assert.Equal(0, trainer.Steps);
    }

    [Fact]
    public void Step_OverflowInTheForwardPass_NamesTheFirstOp()
    {
        using var backend = TestBackends.Create(BackendKind.Host);
        var weights = new Altered(new SmallModel(SmallModel.Tiny), "h.1.mlp.c_proj.weight", values => values.Fill(1e38f));
        using var model = GptModel.ForTraining(backend, weights);
        using var trainer = new FullTrainer(model, new TrainingOptions { BatchSize = 1, SequenceLength = 4 });
        using var pass = new GptPass(model, backend, 1, 4, PassKind.Full);

        var error = Assert.Throws<NonFiniteException>(() => trainer.Step(pass, SmallModel.Fixed(13)));

        Assert.Contains("h.1.mlp.c_proj", error.Tensor);
        Assert.Contains("matmul", error.Tensor);
    }

    [Fact]
    public void First_NaNInTheBase_NamesItsTensor()
    {
        using var backend = Backends.Create(BackendKind.Reference, 1);
        var weights = new Altered(new SmallModel(SmallModel.Tiny), "h.0.ln_2.weight", values => values[1] = float.NegativeInfinity);
        using var model = GptModel.Frozen(backend, weights);
        using var pass = new GptPass(model, backend, 1, 4, PassKind.Forward);
        Assert.Equal(new BadTensor("h.0.ln_2.weight", null, "element 1 is -Infinity"), NonFiniteFinder.First(pass, [1, 2, 3, 4], 1, null, DropoutDraw.None));
    }

    [Theory]
    [InlineData("h.1.mlp.c_proj.weight", "what matmul in h.1.mlp.c_proj wrote")]
    [InlineData("ln_f.weight", "what layernorm in ln_f wrote")]
    [InlineData("wte.weight", "what layernorm in h.0.ln_1 wrote")]
    public void Look_AtAModelThatOverflows_NamesTheFirstOp(string tensor, string expected)
    {
        using var backend = TestBackends.Create(BackendKind.Host);
        using var model = GptModel.Frozen(backend, new Altered(new SmallModel(SmallModel.Tiny), tensor, values => values.Fill(3e38f)));
        using var pass = new GptPass(model, backend, 2, 4, PassKind.Forward);
        var windows = new EvaluationWindows(SmallModel.Ids(20, 13), 4);
        var error = Assert.Throws<NonFiniteException>(() => new Evaluator(pass).EvaluateFinite(windows, null, steps: 7));
        Assert.StartsWith(expected, error.Tensor);
        Assert.Contains("after 7 steps", error.Message);
        Assert.StartsWith(expected, Assert.Throws<NonFiniteException>(() => NextTokens.Of(model, SmallModel.Ids(5, 13), null, 3)).Tensor);
    }

    [Fact]
    public void AttentionMaps_OfAModelThatOverflows_NameTheFirstOp()
    {
        using var backend = TestBackends.Create(BackendKind.Host);
        using var model = GptModel.Frozen(backend, new Altered(new SmallModel(SmallModel.Tiny), "h.0.mlp.c_proj.weight", values => values.Fill(1e38f)));
        var error = Assert.Throws<NonFiniteException>(() => AttentionMaps.Of(model, SmallModel.Ids(5, 13), null));
        Assert.Contains("the attention of layer 1 is NaN", error.Message);
        Assert.StartsWith("what matmul in h.0.mlp.c_proj wrote", error.Tensor);
    }

    [Fact]
    public void First_HealthyModel_FindsNothing()
    {
        using var backend = Backends.Create(BackendKind.Reference, 1);
        using var model = GptModel.Frozen(backend, new SmallModel(SmallModel.Tiny));
        using var pass = new GptPass(model, backend, 1, 4, PassKind.Forward);
        Assert.Null(NonFiniteFinder.First(pass, [1, 2, 3, 4], 1, null, DropoutDraw.None));
        Assert.Null(backend.Observer);
    }

    /// <summary>Where nothing is padded.</summary>
    private static readonly ComputeSize Gpu = new(BackendKind.Cuda, 1);

    [Fact]
    public void MemoryEstimate_OfGpt2_CountsWhatIsKnown()
    {
        var config = GptConfig.Preset("gpt2");
        Assert.Equal(124_439_808, config.Layout().Length);
        Assert.Equal(221_184, LoraLayout.Of(config, new LoraOptions()).Length);
        Assert.Equal(589_824, LoraLayout.Of(config, new LoraOptions { Targets = LoraTargets.All }).Length);
        var plan = MemoryEstimate.ForAdapters(config, new LoraOptions(), clients: 8, lanes: 2, batch: 4, length: 64, Gpu);
        Assert.Equal(4L * 124_439_808, plan.Base);
        Assert.Equal(8 * 2 * 884_736, plan.Adapters);
        Assert.Equal(plan.Adapters + 8 * 4, plan.Optimiser); // and a squared norm each
        Assert.Equal(2, plan.Activations / (double)MemoryEstimate.ForAdapters(config, new LoraOptions(), 8, 1, 4, 64, Gpu).Activations);
        Assert.Equal(plan.Base + plan.Adapters + plan.Optimiser + plan.Activations + plan.Scratch + plan.Workspace, plan.Total);
        Assert.Equal(4 * 4L * 124_439_808 + 4, MemoryEstimate.ForFullTraining(config, 1, 8, Gpu) is var full ? full.Base + full.Optimiser : 0);
    }

    [Fact]
    public void MemoryEstimate_MoreThanTheMachineHas_IsRefusedWithTheNumbers()
    {
        var plan = MemoryEstimate.ForAdapters(GptConfig.Preset("gpt2"), new LoraOptions(), 8, 2, 4, 64, Gpu);
        var error = Assert.Throws<UserException>(() => plan.Require(100_000_000));
        Assert.Contains("100.0 MB", error.Message);
        Assert.Contains("base 497.8 MB", error.Message); // 4 · 124,439,808 bytes
        plan.Require(64L << 30);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Dump_OfAGolden_HoldsEveryExpectedTensor(bool withAdapter)
    {
        using var golden = new Golden("tiny");
        using var backend = Backends.Create(BackendKind.Reference, 1);
        using var model = withAdapter ? GptModel.Frozen(backend, golden.Weights) : GptModel.ForTraining(backend, golden.Weights);
        var bag = TensorDump.Of(model, golden.Ids, golden.Targets, golden.Batch, withAdapter ? golden.Adapter : null);
        var expected = golden.Expected(withAdapter ? "expected_lora.safetensors" : "expected_full.safetensors");
        foreach (string name in expected.Names)
        {
            Assert.Equal(expected.Shape(name), bag.Shape(name));
            Tolerance.AssertClose(name, expected.Floats(name), bag.Floats(name), 1e-5);
        }
    }
}
