namespace LoraCollab.Federation.Tests;

/// <summary>What a round says of models and texts that a scheme names.</summary>
public class TrustGradientTests
{
    [Theory]
    [InlineData(ClientText.TrustValidation, 12)] // 59 targets: 8 windows of 8, the last short, in batches of 3
    [InlineData(ClientText.Training, 12)]
    [InlineData(ClientText.TrustValidation, 2)] // fewer batches than the text has: they are drawn
    public void Gradients_AnyDirection_AreTheSlopeOfTheLosses(ClientText text, int trustBatches)
    {
        const float Step = 1e-5f;
        using var backend = TestBackends.Open(BackendKind.Reference);
        var options = (SmallRun.Options with { BatchSize = 3, TrustBatches = trustBatches, Dropout = 0.3 }).Resolve();
        using var workspace = new Workspace(options, new CollaborationInputs("random", SmallRun.Weights(), SmallRun.Data, backend), threads: 1);
        var random = new CounterRandom(3, RandomPurpose.TrustWindows);
        float[] model = [.. SyntheticRound.Numbers(random.At(0), workspace.Shape.Length).Select(x => 0.5f * x)];
        float[][] ends = [.. new[] { Step, -Step }.Select(s => model.Zip(SyntheticRound.Numbers(random.At(1), model.Length), (x, d) => x + s * d).ToArray())];
        float[][] models = [.. Enumerable.Repeat(model, 4)];
        var adapters = new RoundAdapters(Participation.All(4), models, models, models);
        var round = new TrustRound(workspace, SmallRun.Data, adapters, Topology.Full(4), 5, _ => { }, CancellationToken.None);

        foreach (int client in new[] { 0, 3 })
        {
            double[] losses = round.Losses([.. ends.Select(m => (client, m))], text);
            float[] gradient = round.Gradients([(client, model)], text)[0];
            double slope = gradient.Select((g, e) => g * ((double)ends[0][e] - ends[1][e])).Sum();
            double largest = Math.Sqrt(gradient.Sum(g => (double)g * g) * ends[0].Zip(ends[1], (a, b) => ((double)a - b) * ((double)a - b)).Sum());
            Assert.Equal(losses[0] - losses[1], slope, 1e-6 * largest);
            Assert.Equal(round.Losses(ends, text)[client], losses);
        }
        Assert.Equal(2 * (2 + 1 + 2 * 4), round.Evaluations);
    }
}
