namespace LoraCollab.Engine.Inspection;

/// <summary>Attention of one head on one text. The first position, which can attend to itself alone, counts in no mean.</summary>
/// <param name="Rows">[T][i + 1]: row i holds p_ij for j ≤ i and sums to 1.</param>
public sealed record AttentionMap(IReadOnlyList<double[]> Rows)
{
    public int Length => Rows.Count;

    /// <summary>Mean of −Σ_j p_ij·ln p_ij in nats: 0 where a head always looks at one token.</summary>
    public double Entropy => Mean(row => -row.Sum(p => p > 0 ? p * Math.Log(p) : 0));

    /// <summary>Mean of Σ_j p_ij·(i − j): how many tokens back a head looks.</summary>
    public double Distance => Mean(row => row.Select((p, j) => p * (row.Length - 1 - j)).Sum());

    /// <summary>Mean of p_i0.</summary>
    public double OnFirst => Mean(row => row[0]);

    /// <summary>The position whose attention differs most from that of another map, by total variation ½·Σ_j|p_ij − q_ij| in [0, 1].</summary>
    public (double Change, int Position) LargestChange(AttentionMap other) =>
        Enumerable.Range(0, Length).Select(i => (Change: 0.5 * Rows[i].Zip(other.Rows[i]).Sum(p => Math.Abs(p.First - p.Second)), i)).MaxBy(c => c.Change);

    /// <summary>This map less another, element by element.</summary>
    public AttentionMap Less(AttentionMap other) => new([.. Rows.Zip(other.Rows).Select(r => r.First.Zip(r.Second).Select(p => p.First - p.Second).ToArray())]);

    private double Mean(Func<double[], double> of) => Rows.Skip(1).Select(of).DefaultIfEmpty(0).Average();
}
