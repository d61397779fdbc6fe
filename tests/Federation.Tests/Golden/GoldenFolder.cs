namespace LoraCollab.Federation.Tests;

/// <summary>One folder of ../shared/golden.</summary>
internal sealed class GoldenFolder : IDisposable
{
    private readonly string _name;
    private readonly HfCheckpoint _model;

    public GoldenFolder(string name)
    {
        if (!Shared.Exists) Assert.Skip(Shared.Reason);
        (_name, _model) = (name, HfCheckpoint.Open(Shared.Path("golden", name, "model")));
    }

    public IWeights Weights => _model;

    public GptConfig Config => _model.Config;

    public string File(params string[] parts) => Shared.Path(["golden", _name, .. parts]);

    /// <summary>The four adapters of the trust fixtures.</summary>
    public string[] TrustAdapters => [.. Enumerable.Range(0, 4).Select(i => File("trust", $"client_{i}"))];

    public TensorBag Bag(params string[] parts) => TensorBag.Load(File(parts));

    public void Dispose() => _model.Dispose();

    /// <summary>Every folder on the given backends.</summary>
    public static TheoryData<BackendKind, string> On(params BackendKind[] kinds)
    {
        var cases = new TheoryData<BackendKind, string>();
        foreach (var kind in kinds)
            foreach (string name in (string[])["tiny", "attention", "query-only"]) cases.Add(kind, name);
        return cases;
    }
}
