namespace LoraCollab.Federation.Participants;

/// <summary>A model's weights under another form of GELU (trap 13).</summary>
internal sealed class GeluWeights(IWeights weights, GeluForm gelu) : IWeights
{
    public GptConfig Config { get; } = weights.Config with { Gelu = gelu };

    public void Read(string name, Span<float> destination) => weights.Read(name, destination);
}
