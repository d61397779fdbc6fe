using System.Globalization;
using LoraCollab.Data;

namespace LoraCollab.Federation;

/// <summary>
/// What a client's own score is in schemes 1 and 3, where it is otherwise pinned to the best possible value: a softmax then slides between Local and FedAvg and cannot give
/// an equal share to an equal partner.
/// </summary>
/// <param name="Kind">scored, floor or fixed.</param>
/// <param name="Value">The score where <paramref name="Kind"/> is fixed.</param>
public sealed record SelfScore(SelfScoreKind Kind, double Value = 0)
{
    public static SelfScore Scored { get; } = new(SelfScoreKind.Scored);

    public static SelfScore Floor { get; } = new(SelfScoreKind.Floor);

    /// <summary>Reads scored, floor or fixed:X.</summary>
    /// <exception cref="UserException">Something else.</exception>
    public static SelfScore Parse(string text)
    {
        if (text == "scored") return Scored;
        if (text == "floor") return Floor;
        if (text.StartsWith("fixed:", StringComparison.Ordinal)
            && double.TryParse(text.AsSpan(6), NumberStyles.Float & ~NumberStyles.AllowThousands, CultureInfo.InvariantCulture, out double value) && double.IsFinite(value))
            return new SelfScore(SelfScoreKind.Fixed, value);
        throw new UserException($"--self {text}: expected scored, floor or fixed:X with a number X");
    }

    public override string ToString() => Kind switch
    {
        SelfScoreKind.Scored => "scored",
        SelfScoreKind.Floor => "floor",
        _ => "fixed:" + Value.ToString("R", CultureInfo.InvariantCulture),
    };

    /// <summary>f: the median over rows of the distance to the nearest other; 0 for a single client.</summary>
    public static double NearestOther(double[][] distance) => distance.Length < 2 ? 0
        : ScoreMatrix.Median(distance.Select((row, i) => row.Where((_, j) => j != i).Min()));

    /// <summary>max(0, d_ij − f): distances below the floor count as none.</summary>
    public static double[][] Above(double floor, double[][] distance) => ScoreMatrix.Fill(distance.Length, (i, j) => Math.Max(0, distance[i][j] - floor));

    /// <summary>Puts the fixed value on the diagonal, where one was given.</summary>
    public double[][] Pin(double[][] scores) =>
        Kind != SelfScoreKind.Fixed ? scores : ScoreMatrix.Fill(scores.Length, (i, j) => i == j ? Value : scores[i][j]);
}
