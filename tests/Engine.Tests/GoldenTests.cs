namespace LoraCollab.Engine.Tests;

/// <summary>
/// Whole models against libtorch's float64, on every backend: losses within 1e-5, gradient tensors within 1e-4 relative, parameters after AdamW within 1e-5.
/// </summary>
public class GoldenTests
{
    private const double LossTolerance = 1e-5, GradientTolerance = 1e-4, ParameterTolerance = 1e-5;

    private static readonly BackendKind[] Kinds = [BackendKind.Reference, BackendKind.Host, BackendKind.Cuda, BackendKind.OpenCL];

    public static TheoryData<BackendKind, string> Everything =>
        [.. from kind in Kinds from name in (string[])["tiny", "attention", "query-only"] select (kind, name)];

    /// <summary>The simulator is a thousand times slower: it gets the two smallest.</summary>
    public static TheoryData<BackendKind, string> WithSimulator => [.. Everything, (BackendKind.Simulator, "tiny"), (BackendKind.Simulator, "query-only")];

    [Theory]
    [MemberData(nameof(WithSimulator))]
    public void Lora_LossActivationsAndEveryGradient_MatchLibtorch(BackendKind kind, string name)
    {
        using var golden = new Golden(name);
        using var backend = TestBackends.Create(kind);
        using var model = GptModel.Frozen(backend, golden.Weights);
        using var pass = golden.Pass(model, PassKind.Lora);
        using var adapter = golden.Write(backend, golden.Adapter.Values);
        var expected = golden.Expected("expected_lora.safetensors");

        double loss = pass.Gradient(golden.Ids, golden.Targets, golden.Batch, adapter, DropoutDraw.None);

        Assert.Equal(expected.Floats("loss")[0], loss, LossTolerance);
        Golden.AssertTensors(expected, "grad.", adapter.Layout, Golden.Read(backend, adapter.Gradient), GradientTolerance);
        Tolerance.AssertClose("act.embed", expected.Floats("act.embed"), Golden.Read(backend, pass.Embedded), LossTolerance);
        for (int l = 0; l < golden.Config.Layers; l++)
            Tolerance.AssertClose($"act.h.{l}", expected.Floats($"act.h.{l}"), Golden.Read(backend, pass.BlockOutput(l)), LossTolerance);
        Tolerance.AssertClose("act.ln_f", expected.Floats("act.ln_f"), Golden.Read(backend, pass.FinalNormOutput), LossTolerance);
        Tolerance.AssertClose("logits", expected.Floats("logits"), new LogitReader(pass).Read(), LossTolerance);
    }

    [Theory]
    [MemberData(nameof(WithSimulator))]
    public void Full_LossAndEveryGradient_MatchLibtorch(BackendKind kind, string name)
    {
        using var golden = new Golden(name);
        using var backend = TestBackends.Create(kind);
        using var model = GptModel.ForTraining(backend, golden.Weights);
        using var pass = golden.Pass(model, PassKind.Full);
        var expected = golden.Expected("expected_full.safetensors");

        double loss = pass.Gradient(golden.Ids, golden.Targets, golden.Batch, null, DropoutDraw.None);

        Assert.Equal(expected.Floats("loss")[0], loss, LossTolerance);
        Golden.AssertTensors(expected, "grad.", model.Layout, Golden.Read(backend, model.Gradient), GradientTolerance);
        Tolerance.AssertClose("logits", expected.Floats("logits"), new LogitReader(pass).Read(), LossTolerance);
    }

    [Theory]
    [MemberData(nameof(Everything))]
    public void TenAdamWSteps_LossesRatesAndParameters_MatchLibtorch(BackendKind kind, string name)
    {
        using var golden = new Golden(name);
        using var backend = TestBackends.Create(kind);
        using var model = GptModel.Frozen(backend, golden.Weights);
        using var pass = golden.Pass(model, PassKind.Lora);
        var expected = golden.Expected("expected_adamw10.safetensors");
        float[] losses = expected.Floats("losses"), rates = expected.Floats("lrs");
        var schedule = new OneCycle(2e-3, 10) { Warmup = 0.2 };
        using var trainer = Trainer(golden, model, schedule);
        trainer.Adapter.Set(golden.Adapter.Values);

        for (int step = 0; step < losses.Length; step++)
        {
            Assert.Equal(rates[step], schedule.At(step), 1e-9);
            Assert.Equal(losses[step], trainer.Step(pass, (_, _, ids, targets) => Copy(golden.Ids, golden.Targets, ids, targets)), LossTolerance);
        }
        Golden.AssertTensors(expected, "param.", trainer.Adapter.Layout, Golden.Read(backend, trainer.Adapter.Parameters), ParameterTolerance);
    }

    [Theory]
    [MemberData(nameof(Everything))]
    public void TwoClientLoop_LossesAndAdapters_MatchLibtorch(BackendKind kind, string name)
    {
        using var golden = new Golden(name);
        using var backend = TestBackends.Create(kind);
        using var model = GptModel.Frozen(backend, golden.Weights);
        using var pass = golden.Pass(model, PassKind.Lora);
        TensorBag batches = golden.Expected("loop", "batches.safetensors"), expected = golden.Expected("loop", "expected.safetensors");
        float[] losses = expected.Floats("losses");
        LoraTrainer[] clients = [.. Enumerable.Range(0, 2).Select(_ => Trainer(golden, model, new ConstantRate(1e-3)))];
        for (int i = 0; i < 2; i++) clients[i].Adapter.Set(PeftAdapter.Load(golden.File("loop", $"client_{i}"), golden.Config).Values);
        int size = golden.Ids.Length;

        for (int step = 0; step < 6; step++)
        {
            for (int i = 0; i < 2; i++)
            {
                int[] ids = batches.Ints($"{i}.input_ids"), targets = batches.Ints($"{i}.targets");
                double loss = clients[i].Step(pass, (s, _, x, y) => Copy(ids.AsSpan((int)s * size, size), targets.AsSpan((int)s * size, size), x, y));
                Assert.Equal(losses[i * 6 + step], loss, LossTolerance);
            }
            if (step is 1 or 3) Mix(backend, clients, [[0.7, 0.3], [0.4, 0.6]]);
        }
        for (int i = 0; i < 2; i++)
            Golden.AssertTensors(expected, $"client_{i}.", clients[i].Adapter.Layout, Golden.Read(backend, clients[i].Adapter.Parameters), ParameterTolerance);
        foreach (var client in clients) client.Dispose();
    }

    [Fact]
    public void TwoAdamWSteps_OnTheSimulator_GiveTheReferencesParameters()
    {
        var (expected, expectedLoss) = AfterTwoSteps(BackendKind.Reference);
        var (actual, loss) = AfterTwoSteps(BackendKind.Simulator);
        Assert.Equal(expectedLoss, loss, LossTolerance);
        Tolerance.AssertClose("adapter", expected, actual, ParameterTolerance);
    }

    private static (float[] Adapter, double LastLoss) AfterTwoSteps(BackendKind kind)
    {
        using var golden = new Golden("tiny");
        using var backend = TestBackends.Create(kind);
        using var model = GptModel.Frozen(backend, golden.Weights);
        using var pass = golden.Pass(model, PassKind.Lora);
        using var trainer = Trainer(golden, model, new ConstantRate(1e-3));
        trainer.Adapter.Set(golden.Adapter.Values);
        double loss = 0;
        for (int step = 0; step < 2; step++) loss = trainer.Step(pass, (_, _, ids, targets) => Copy(golden.Ids, golden.Targets, ids, targets));
        return (Golden.Read(backend, trainer.Adapter.Parameters), loss);
    }

    private static LoraTrainer Trainer(Golden golden, GptModel model, LearningRateSchedule schedule) =>
        new(model, golden.Adapter.Options, new TrainingOptions { BatchSize = golden.Batch, SequenceLength = golden.Length, Schedule = schedule }, client: 0);

    private static void Mix(ComputeBackend backend, LoraTrainer[] clients, double[][] w)
    {
        double[][] old = [.. clients.Select(c => Tolerance.Widen(Golden.Read(backend, c.Adapter.Parameters)))];
        for (int i = 0; i < clients.Length; i++)
            clients[i].Adapter.Set([.. Enumerable.Range(0, old[i].Length).Select(k => (float)(w[i][0] * old[0][k] + w[i][1] * old[1][k]))]);
    }

    private static void Copy(ReadOnlySpan<int> ids, ReadOnlySpan<int> targets, Span<int> x, Span<int> y)
    {
        ids.CopyTo(x);
        targets.CopyTo(y);
    }
}
