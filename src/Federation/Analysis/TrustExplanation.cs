namespace LoraCollab.Federation.Analysis;

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
