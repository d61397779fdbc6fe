namespace LoraCollab.Engine.Tests;

/// <summary>What the report says of a healthy model, against numbers that were found in another way.</summary>
public sealed class GradientInspectionTests
{
    private const int Batch = 1, Length = 4;

    private static readonly TrainingOptions Training = new() { BatchSize = Batch, SequenceLength = Length };

    private static readonly LoraOptions Lora = new() { Rank = 2, Alpha = 4, Dropout = 0, Targets = LoraTargets.All };

    [Fact]
    public void Report_OfAWholeModel_HasTheNormsOfItsGradient()
    {
        using var backend = Backends.Create(BackendKind.Reference, 1);
        using var model = GptModel.ForTraining(backend, new SmallModel(SmallModel.Tiny));
        using var pass = new GptPass(model, backend, Batch, Length, PassKind.Full);
        var report = OfWhole(model, pass, batches: 1);
        using var fresh = GptModel.ForTraining(backend, new SmallModel(SmallModel.Tiny));
        using var other = new GptPass(fresh, backend, Batch, Length, PassKind.Full);
        Assert.Equal(other.Gradient(Ids(0), Ids(1), Batch, null, DropoutDraw.None), report.Loss, 1e-12);
        foreach (var entry in model.Layout.Entries)
        {
            var found = report.Tensors.Single(t => t.Name == entry.Name);
            Assert.Equal(Norm(backend, fresh.GradientOf(entry.Name)), found.Gradient.Norm, 1e-9);
            Assert.Equal(GradientKind.Parameter, found.Kind);
        }
        // With one sequence every position's row of wpe has the stream's gradient itself.
        Assert.Equal(report.Tensors.Single(t => t.Name == "wpe.weight").Gradient.Norm, report.Tensors.Single(t => t.Name == "act.embed").Gradient.Norm, 1e-12);
        Assert.Empty(GradientVerdict.Of(report));
    }

    [Fact]
    public void Report_Order_IsThatOfTheBackwardPass()
    {
        using var backend = Backends.Create(BackendKind.Reference, 1);
        using var model = GptModel.Frozen(backend, new SmallModel(SmallModel.Tiny with { Layers = 1 }));
        using var pass = new GptPass(model, backend, Batch, Length, PassKind.Lora, Lora);
        using var trainer = new LoraTrainer(model, Lora, Training, client: 0);
        trainer.Adapter.Set(SmallModel.AdapterValues(model.Config, Lora));
        var report = GradientInspection.Of(new GradientSubject(trainer, pass, Trained: true), 1, 1e-3, SmallModel.Fixed(13));
        Assert.Equal(
        [
            "act.ln_f", "act.h.0",
            "act.h.0.mlp.gelu", "h.0.mlp.c_proj.lora_A", "h.0.mlp.c_proj.lora_B", "act.h.0.mlp.c_fc", "act.h.0.ln_2",
            "h.0.mlp.c_fc.lora_A", "h.0.mlp.c_fc.lora_B",
            "act.h.0.middle", "act.h.0.attn", "h.0.attn.c_proj.lora_A", "h.0.attn.c_proj.lora_B", "act.h.0.attn.c_attn",
            "h.0.attn.c_attn.lora_A", "h.0.attn.c_attn.lora_B",
        ], report.Tensors.Select(t => t.ShortName));
        Assert.Empty(GradientVerdict.Of(report));
    }

    [Fact]
    public void Way_OfTheStream_IsTheSumOfBothWays()
    {
        using var backend = Backends.Create(BackendKind.Reference, 1);
        using var model = GptModel.ForTraining(backend, new SmallModel(SmallModel.Tiny));
        using var pass = new GptPass(model, backend, Batch, Length, PassKind.Full);
        var way = OfWhole(model, pass, batches: 1).Way;
        GradientWrite At(string scope, string tensor) => way.Single(s => s.Op == "layernorm_backward" && s.Scope == scope).To(tensor)!;
        var (last, middle) = (At("ln_f", "act.h.1"), At("h.1.ln_2", "act.h.1.middle"));
        Assert.Equal(0, last.Around);
        Assert.Equal(last.Own, last.After.Norm, 1e-12);
        // Around the MLP goes what came out of ln_f.
        Assert.Equal(last.After.Norm, middle.Around, 1e-12);
        Assert.True(middle.Own > 0);
        Assert.InRange(middle.Cosine, -1, 1);
        Assert.Equal(middle.After.Norm * middle.After.Norm,
            middle.Around * middle.Around + middle.Own * middle.Own + 2 * middle.Around * middle.Own * middle.Cosine, 1e-12);
        Assert.Equal(1, way[0].Incoming);
    }

    [Fact]
    public void UpdateRatio_OfTheFirstStep_IsTheRateOverTheWeight()
    {
        using var backend = Backends.Create(BackendKind.Reference, 1);
        using var model = GptModel.ForTraining(backend, new SmallModel(SmallModel.Tiny));
        using var pass = new GptPass(model, backend, Batch, Length, PassKind.Full);
        double weight = Norm(backend, model.Layout.Of(model.Parameters, "h.0.mlp.c_fc.weight"));
        var found = OfWhole(model, pass, batches: 1).Tensors.Single(t => t.Name == "h.0.mlp.c_fc.weight");
        // AdamW's first step moves every element by the rate, whatever its gradient: lr·√n.
        Assert.Equal(1e-3 * Math.Sqrt(8 * 32) / weight, found.UpdateRatio!.Value, 1e-5);
        Assert.Equal(weight, found.Weight!.Value, 1e-9);
    }

    [Fact]
    public void SignalToNoise_OfTwoGradients_IsTheHandCount()
    {
        using var backend = Backends.Create(BackendKind.Reference, 1);
        var layout = new FlatLayout().Add("noisy", 2).Add("same", 1);
        var gradient = backend.Allocate("gradient", 3);
        var sum = new GradientSum(layout, 2);
        foreach (double[] g in (double[][])[[1, 0, 5], [3, 0, 5]])
        {
            backend.Write(gradient, g);
            sum.Add(backend, gradient);
        }
        // ḡ = (2, 0); tr Σ = (1 + 9 − 2·4)/1 = 2; ‖G‖² = 4 − 2/2 = 3.
        Assert.Equal(Math.Sqrt(3.0 / 2), sum.SignalToNoise("noisy"), 1e-12);
        Assert.Equal(double.PositiveInfinity, sum.SignalToNoise("same"));
        Assert.Equal(2, sum.Of("noisy").Norm, 1e-12);
        Assert.Equal(0.5, sum.Of("noisy").Zeros);
    }

    [Fact]
    public void Statistics_OfRows_CountsTheDeadOnes()
    {
        var found = GradientStatistics.Of([0, 0, 3, 0, 0, 0, -4, 0], columns: 2);
        Assert.Equal(new GradientStatistics(5, 4, 0.75, 4, 2, 0), found);
        var bad = GradientStatistics.Of([1, double.NaN, double.PositiveInfinity], 0);
        Assert.Equal((2L, double.NaN, 1), (bad.NonFinite, bad.Norm, bad.Rows));
    }

    [Fact]
    public void Inspection_Done_LeavesTheObserverThatWasThere()
    {
        using var backend = Backends.Create(BackendKind.Reference, 1);
        using var model = GptModel.ForTraining(backend, new SmallModel(SmallModel.Tiny));
        using var pass = new GptPass(model, backend, Batch, Length, PassKind.Full);
        var observer = new PlantedFault(backend, "none", "", "", (_, v) => v);
        backend.Observer = observer;
        OfWhole(model, pass, batches: 1);
        Assert.Same(observer, backend.Observer);
    }

    private static GradientReport OfWhole(GptModel model, GptPass pass, int batches)
    {
        var options = Training with { AdamW = new AdamWOptions { WeightDecay = 0 } };
        using var trainer = new FullTrainer(model, options);
        return GradientInspection.Of(new GradientSubject(trainer, pass), batches, 1e-3, SmallModel.Fixed(13));
    }

    private static int[] Ids(int salt) => SmallModel.Ids(Length, 13, salt);

    private static double Norm(ComputeBackend backend, View view)
    {
        double[] values = new double[view.Length];
        backend.Download(values.AsSpan(), view);
        return Math.Sqrt(values.Sum(v => v * v));
    }
}
