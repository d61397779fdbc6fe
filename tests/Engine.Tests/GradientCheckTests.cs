namespace LoraCollab.Engine.Tests;

/// <summary>
/// The whole model's backward pass against differences of its own forward pass, in double with every dropout on: relative to each tensor's norm within 1e-7.
/// The difference is the five-point one, whose error is of the fourth order.
/// </summary>
public class GradientCheckTests
{
    private const int Batch = 2, Length = 4;
    private const double Tolerance7 = 1e-7, Spacing = 1e-3;
    private static readonly DropoutDraw Draw = new(new DropoutRates(0.2f, 0.3f, 0.25f, 0.1f), Seed: 11, Step: 3, Client: 2);

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Full_EveryParameter_MatchesDifferences(bool tied)
    {
        var config = SmallModel.Tiny with { TiedHead = tied };
        using var backend = Backends.Create(BackendKind.Reference, 1);
        using var model = GptModel.ForTraining(backend, new SmallModel(config));
        using var pass = new GptPass(model, backend, Batch, Length, PassKind.Full);

        Check(pass, null, model.Layout, model.Parameters, model.Gradient);
    }

    [Theory]
    [InlineData(LoraTargets.All)]
    [InlineData(LoraTargets.Attention)]
    [InlineData(LoraTargets.AttnCProj)]
    [InlineData(LoraTargets.MlpCFc)]
    [InlineData(LoraTargets.MlpCProj)]
    public void Lora_EveryFactor_MatchesDifferences(LoraTargets targets)
    {
        var options = new LoraOptions { Rank = 2, Alpha = 4, Targets = targets };
        using var backend = Backends.Create(BackendKind.Reference, 1);
        using var model = GptModel.Frozen(backend, new SmallModel(SmallModel.Tiny with { Gelu = GeluForm.Erf }));
        using var pass = new GptPass(model, backend, Batch, Length, PassKind.Lora, options);
        using var adapter = new LoraAdapter(backend, model.Config, options, trainable: true);
        adapter.Set(SmallModel.AdapterValues(model.Config, options));

        Check(pass, adapter, adapter.Layout, adapter.Parameters, adapter.Gradient);
    }

    [Fact]
    public void Lora_OverCorrectedWeights_MatchesDifferences()
    {
        var options = new LoraOptions { Rank = 2, Alpha = 4, Targets = LoraTargets.All };
        using var backend = Backends.Create(BackendKind.Reference, 1);
        using var model = GptModel.Frozen(backend, new SmallModel(SmallModel.Tiny));
        using var pass = new GptPass(model, backend, Batch, Length, PassKind.Lora, options);
        using var adapter = new LoraAdapter(backend, model.Config, options, trainable: true);
        using var correction = new WeightCorrection(model.Backend, model, options, WeightCorrectionTests.Values(model.Config, options));
        adapter.Set(SmallModel.AdapterValues(model.Config, options));
        adapter.Correction = correction;

        Check(pass, adapter, adapter.Layout, adapter.Parameters, adapter.Gradient);
    }

    private static void Check(GptPass pass, LoraAdapter? adapter, FlatLayout layout, View parameters, View gradient)
    {
        var lane = pass.Lane;
        int[] ids = SmallModel.Ids(Batch * Length, pass.Config.Vocabulary), targets = SmallModel.Ids(Batch * Length, pass.Config.Vocabulary, salt: 1);
        for (int i = 0; i < 4; i++) targets[2 * i] = -1; // four rows do not count, four do
        pass.Gradient(ids, targets, Batch, adapter, Draw);
        double[] analytic = new double[gradient.Length], values = new double[parameters.Length], numeric = new double[parameters.Length];
        lane.Download(analytic.AsSpan(), gradient);
        lane.Download(values.AsSpan(), parameters);
        for (int i = 0; i < values.Length; i++)
        {
            numeric[i] = (8 * (Loss(i, Spacing) - Loss(i, -Spacing)) - (Loss(i, 2 * Spacing) - Loss(i, -2 * Spacing))) / (12 * Spacing);
            lane.Write(parameters.Slice(i, 1), values.AsSpan(i, 1));
        }
        foreach (var entry in layout.Entries)
        {
            var (from, count) = ((int)entry.Offset, (int)entry.Length);
            Assert.True(analytic.AsSpan(from, count).ContainsAnyExcept(0), $"{entry.Name} has no gradient");
            Tolerance.AssertClose(entry.Name, numeric.AsSpan(from, count), analytic.AsSpan(from, count), Tolerance7);
        }

        double Loss(int i, double shift)
        {
            lane.Write(parameters.Slice(i, 1), [values[i] + shift]);
            return pass.Evaluate(ids, targets, Batch, adapter, Draw).Mean;
        }
    }
}
