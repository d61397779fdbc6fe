namespace LoraCollab.Federation.Options;

/// <summary>What scheme 2 takes the negative of.</summary>
public enum ValidationForm
{
    /// <summary>The mean loss in nats.</summary>
    Loss,

    /// <summary>exp of it (trap 5 = paper): the scale depends on the model, and the softmax is near one-hot.</summary>
    Perplexity,
}
