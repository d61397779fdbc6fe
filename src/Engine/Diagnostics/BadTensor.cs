namespace LoraCollab.Engine.Diagnostics;

/// <summary>The first tensor that holds a NaN or an infinity: a parameter, or what an op wrote.</summary>
/// <param name="Name">The parameter, or the place where the op works: h.2.mlp.c_proj.</param>
/// <param name="Op">The op that wrote it; null for a parameter.</param>
/// <param name="Element">Which element it is, and what it holds; empty where no tensor before the loss is bad.</param>
public sealed record BadTensor(string Name, string? Op, string Element)
{
    /// <summary>Every tensor looked at is finite, and still the loss is not.</summary>
    public static BadTensor Loss { get; } = new("loss", null, "");

    public override string ToString() =>
        (Op is null ? Name : $"what {Op} in {Name} wrote") + (Element.Length > 0 ? $" ({Element})" : "");
}
