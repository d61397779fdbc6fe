namespace LoraCollab.Engine.Config;

/// <summary>Where a model's parameters come from: a checkpoint, a seed, another model, or a model with an adapter merged in. Read tensor by tensor.</summary>
public interface IWeights
{
    GptConfig Config { get; }

    /// <summary>Reads one tensor of <see cref="GptConfig.Layout"/>, by the name it has there.</summary>
    void Read(string name, Span<float> destination);
}
