namespace LoraCollab.Federation.Tests;

/// <summary>Similarities, losses, distances, trust, residual and mixed adapters of four given clients against libtorch's float64.</summary>
public class TrustGoldenTests
{
    private const double Absolute = 2e-4;

    public static TheoryData<BackendKind, string> Folders => GoldenFolder.On(BackendKind.Reference, BackendKind.Host, BackendKind.Cuda, BackendKind.OpenCL);

    [Theory]
    [MemberData(nameof(Folders))]
    public void Trust_EveryForm_IsWithin2e4(BackendKind kind, string name)
    {
        using var golden = new GoldenFolder(name);
        using var backend = TestBackends.Open(kind);
        AssertForms(golden, backend);
    }

    [Fact]
    public void Trust_OnTheSimulator_IsWithin2e4()
    {
        using var golden = new GoldenFolder("query-only");
        using var backend = TestBackends.Open(BackendKind.Simulator);
        AssertForms(golden, backend);
    }

    [Theory]
    [InlineData("tiny")]
    [InlineData("attention")]
    [InlineData("query-only")]
    public void Aggregation_ByPredictionTrust_GivesTheMixedAdaptersAndTheResidual(string name)
    {
        using var golden = new GoldenFolder(name);
        var expected = golden.Bag("trust", "expected.safetensors");
        var adapters = golden.TrustAdapters.Select(folder => PeftAdapter.Load(folder, golden.Config)).ToArray();
        var layout = LoraLayout.Of(golden.Config, adapters[0].Options);
        var trust = Normalised(Matrix(expected, "prediction.trust"));
        float[][] values = [.. adapters.Select(a => a.Values)];

        var mixed = AdapterMixer.Mix(values, trust);
        for (int i = 0; i < mixed.Length; i++)
            foreach (var entry in layout.Entries)
                Tolerance.AssertClose(entry.Name, expected.Floats($"aggregated.prediction.{i}.{entry.Name}"), layout.Of(mixed[i], entry.Name), 1e-6);

        var residual = AggregationResidual.Of(AdapterShape.From(layout, adapters[0].Options.Scale), values, trust);
        Tolerance.AssertClose("residual", Tolerance.Widen(expected.Floats("aggregation.residual")), residual.Absolute, 1e-5);
    }

    private static void AssertForms(GoldenFolder golden, ComputeBackend backend)
    {
        var expected = golden.Bag("trust", "expected.safetensors");
        foreach (string form in (string[])["rowwise", "flat"])
        {
            var found = Probe(golden, backend, "weights", form);
            AssertMatrix(expected, $"weights.{form}.similarity", found.Scores);
            AssertMatrix(expected, $"weights.{form}.trust", found.Trust);
        }
        var update = Probe(golden, backend, "weights", "update", 0.5);
        AssertMatrix(expected, "weights.update.similarity", update.Scores);
        AssertMatrix(expected, "weights.update.trust_tau0.5", update.Trust);

        var perplexity = Probe(golden, backend, "validation", "perplexity");
        AssertMatrix(expected, "validation.loss", perplexity.Loss!, 1e-5);
        AssertMatrix(expected, "validation.trust", perplexity.Trust);
        AssertMatrix(expected, "validation.loss_trust_tau0.5", Probe(golden, backend, "validation", "loss", 0.5).Trust);

        foreach (var (form, key) in new[] { ("l1-all", "prediction"), ("l1-last", "prediction.last") })
        {
            var found = Probe(golden, backend, "prediction", form);
            AssertRelative(expected, $"{key}.distance", found.Distance!, 1e-5);
            AssertMatrix(expected, $"{key}.trust", found.Trust);
        }
        var js = Probe(golden, backend, "prediction", "js", 0.5, k: 16);
        AssertRelative(expected, "prediction.js_top16.distance", js.Distance!, 1e-4);
        AssertMatrix(expected, "prediction.js_top16.trust_tau0.5", js.Trust);
    }

    private static TrustProbeResult Probe(GoldenFolder golden, ComputeBackend backend, string scheme, string form, double temperature = 1, int k = 100) =>
        TrustProbe.Run(
        golden.Weights, golden.TrustAdapters, golden.File("trust", "data.safetensors"), TrustProbeOptions.Of(scheme, form, k, temperature), backend);

    private static void AssertMatrix(TensorBag expected, string name, double[][] actual, double tolerance = Absolute)
    {
        double[][] matrix = Matrix(expected, name);
        for (int i = 0; i < matrix.Length; i++)
            for (int j = 0; j < matrix.Length; j++)
                Assert.True(Math.Abs(matrix[i][j] - actual[i][j]) <= tolerance, $"{name}[{i}, {j}]: expected {matrix[i][j]:R}, actual {actual[i][j]:R}");
    }

    private static void AssertRelative(TensorBag expected, string name, double[][] actual, double tolerance) =>
        Tolerance.AssertClose(name, Tolerance.Widen(expected.Floats(name)), actual.SelectMany(row => row).ToArray(), tolerance);

    private static double[][] Matrix(TensorBag bag, string name) => [.. Tolerance.Widen(bag.Floats(name)).Chunk(bag.Shape(name)[1])];

    /// <summary>The stored weights are float32: their rows sum to 1 only within its rounding.</summary>
    private static TrustMatrix Normalised(double[][] weights) => TrustMatrix.FromWeights([.. weights.Select(row => row.Select(w => w / row.Sum()).ToArray())]);
}
