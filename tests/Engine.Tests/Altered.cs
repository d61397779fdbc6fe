namespace LoraCollab.Engine.Tests;

/// <summary>Weights with one tensor changed.</summary>
internal sealed class Altered(IWeights weights, string changed, Altered.Change change) : IWeights
{
    public delegate void Change(Span<float> values);

    public GptConfig Config => weights.Config;

    public void Read(string name, Span<float> destination)
    {
        weights.Read(name, destination);
        if (name == changed) change(destination);
    }
}
