namespace LoraCollab.Federation.Strategies;

/// <summary>Why one client trusted another as it did at one aggregation: the score taken apart.</summary>
public sealed record TrustExplanation
{
    public required string Scheme { get; init; }

    public required int Iteration { get; init; }

    public required int Round { get; init; }

    /// <summary>i, who judges.</summary>
    public required int Client { get; init; }

    /// <summary>j, who is judged.</summary>
    public required int Peer { get; init; }

    /// <summary>[N]: the logged scores of row i.</summary>
    public required double[] Scores { get; init; }

    /// <summary>[N]: the logged weights of row i.</summary>
    public required double[] Weights { get; init; }

    /// <summary>What a part is: target, window, position, category.</summary>
    public required string Kind { get; init; }

    /// <summary>What the score is, in words.</summary>
    public required string Meaning { get; init; }

    /// <summary>Names of <see cref="TrustPart.Values"/>.</summary>
    public required IReadOnlyList<string> Columns { get; init; }

    /// <summary>The most important first.</summary>
    public required IReadOnlyList<TrustPart> Parts { get; init; }

    /// <summary>What the scheme adds to the parts, such as a floor that is subtracted from distances; 0: nothing.</summary>
    public double Offset { get; init; }

    /// <summary>Why.</summary>
    public string OffsetMeaning { get; init; } = "";

    /// <summary>s_ij as it was logged.</summary>
    public double Score => Scores[Peer];

    /// <summary>Sum of the parts and the offset: the score, but for rounding.</summary>
    public double Total => Parts.Sum(p => p.Contribution) + Offset;

    /// <summary>1 for the client it trusts most, itself among them; clients of equal weight share a rank.</summary>
    public int Rank => 1 + Weights.Count(w => w > Weights[Peer]);
}

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

/// <summary>What two clients give one token at one position: probabilities, or logits in the L1 form.</summary>
/// <param name="Id">The token.</param>
/// <param name="Own">Of the client that judges.</param>
/// <param name="Peer">Of the other.</param>
public readonly record struct TokenMove(int Id, double Own, double Peer);

/// <summary>What an explanation may ask for of a client i and its peer j at one aggregation. Nothing is read or computed before it is asked for.</summary>
public interface IExplainedPair
{
    /// <summary>The aggregation, from the adapters that were stored.</summary>
    ITrustRound Round { get; }

    /// <summary>Their rows in it.</summary>
    (int I, int J) Rows { get; }

    /// <summary>[K]: their true shares of the categories.</summary>
    IReadOnlyList<(string Category, double Own, double Peer)> Shares { get; }

    /// <summary>Client i's trust-validation text, as it judges j's model by it: what a piece is, and all of them.</summary>
    (string Kind, IReadOnlyList<JudgedPiece> Pieces) Judged();

    /// <summary>The public windows [W, T], the rows of [W·T] that are predicted at, ascending, and T.</summary>
    (int[] Ids, int[] Positions, int Length) PublicText();
}

/// <summary>A window or a batch of the text that a model is judged by.</summary>
/// <param name="Name">Its kind and number.</param>
/// <param name="Share">How much of the mean loss it makes.</param>
/// <param name="Loss">Of the peer's model.</param>
/// <param name="OwnLoss">Of the client's own; null where that is of another text.</param>
/// <param name="Tokens">Those that are predicted from.</param>
public sealed record JudgedPiece(string Name, double Share, double Loss, double? OwnLoss, int[] Tokens);
