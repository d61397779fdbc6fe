namespace LoraCollab.Federation.Analysis;

/// <summary>One part of a score.</summary>
/// <param name="Name">A target, a window, a position, a category.</param>
/// <param name="Contribution">What it adds to the score.</param>
/// <param name="Values">What it was computed from, in the order of <see cref="TrustExplanation.Columns"/>; NaN where there is nothing.</param>
public sealed record TrustPart(string Name, double Contribution, IReadOnlyList<double> Values)
{
    /// <summary>What makes it matter: by this, whatever its sign, parts are ordered.</summary>
    public double Importance { get; init; } = Contribution;

    /// <summary>Tokens of its text: of a window all, of a position those before and at it; empty where it has none.</summary>
    public IReadOnlyList<int> Tokens { get; init; } = [];

    /// <summary>The token that really follows a position; null where it is not known.</summary>
    public int? Next { get; init; }

    /// <summary>The tokens whose prediction differs most, the most different first.</summary>
    public IReadOnlyList<TokenMove> Moves { get; init; } = [];
}
