using System.Globalization;

namespace LoraCollab.Federation.Strategies;

/// <summary>
/// What a client's own score is in the strategies with a <see cref="SelfRule"/>, where it is otherwise pinned to the best possible value: a softmax then slides
/// between Local and FedAvg and cannot give
/// an equal share to an equal partner.
/// </summary>
/// <param name="Kind">scored, floor, nearest or fixed.</param>
/// <param name="Value">The score where <paramref name="Kind"/> is fixed; where it is floor, the floor, or null to take it from the round; where it is nearest,
/// the distance beyond which nobody is equal.</param>
public sealed record SelfScore(SelfScoreKind Kind, double? Value = null)
{
    private const string Option = "self";

    /// <summary>
    /// Of form nearest: how much farther than the nearest a client may be and still count as equal to it, and 1 − cosine beyond which nobody does, unless
    /// another is given.
    /// </summary>
    private const double Allowance = 0.05, Farthest = 0.5;

    public static SelfScore Scored { get; } = new(SelfScoreKind.Scored);

    public static SelfScore Floor { get; } = new(SelfScoreKind.Floor);

    public static SelfScore Nearest { get; } = new(SelfScoreKind.Nearest);

    /// <summary>The form of one strategy in a text that gives one for all, or NAME=FORM,NAME=FORM for some; null where it gives none.</summary>
    /// <exception cref="OptionException">Not a form, a strategy that takes none, or one twice.</exception>
    public static SelfScore? Of(string text, string strategy)
    {
        if (!text.Contains('=')) return Parse(text, text);
        var names = StrategyRegistry.NamesOf(d => d.Self is not null);
        var forms = new Dictionary<string, SelfScore>();
        foreach (string part in text.Split(','))
        {
            if (part.Split('=') is not [var name, var form] || !names.Contains(name))
                throw new OptionException(Option, text, $"'{part}' is not SCHEME=FORM; expected FORM, or {string.Join(',', names.Select(n => n + "=FORM"))}");
            if (!forms.TryAdd(name, Parse(text, form))) throw new OptionException(Option, text, $"{name} is given twice; give one form for each scheme");
        }
        return forms.GetValueOrDefault(strategy);
    }

    /// <summary>Reads scored, floor, floor:X, nearest, nearest:X or fixed:X.</summary>
    private static SelfScore Parse(string text, string form) => form.Split(':') switch
    {
        ["scored"] => Scored,
        ["floor"] => Floor,
        ["nearest"] => Nearest,
        ["nearest", var x] when Number(x) is >= 0 and var farthest => new SelfScore(SelfScoreKind.Nearest, farthest),
        ["floor", var x] when Number(x) is >= 0 and var floor => new SelfScore(SelfScoreKind.Floor, floor),
        ["fixed", var x] when Number(x) is { } value => new SelfScore(SelfScoreKind.Fixed, value),
        _ => throw new OptionException(Option, text,
            "expected scored, floor, nearest, floor:X or nearest:X with a distance X from 0 on, or fixed:X with a number X"),
    };

    private static double? Number(string text) =>
        double.TryParse(text, NumberStyles.Float & ~NumberStyles.AllowThousands, CultureInfo.InvariantCulture, out double value)
            && double.IsFinite(value) ? value : null;

    public override string ToString() => Kind.ToString().ToLowerInvariant() + (Value is { } x ? ":" + x.ToString("R", CultureInfo.InvariantCulture) : "");

    /// <summary>[N]: f_i, the distance that counts as none in row i; 0 where the form has no floor.</summary>
    public double[] Floors(double[][] distance) => Kind switch
    {
        SelfScoreKind.Floor => [.. Enumerable.Repeat(Value ?? ScoreMatrix.Median(NearestOther(distance)), distance.Length)],
        SelfScoreKind.Nearest => [.. NearestOther(distance).Select(nearest => Math.Min(nearest + Allowance, Value ?? Farthest))],
        _ => new double[distance.Length],
    };

    /// <summary>max(0, d_ij − f_i): distances below the floor count as none.</summary>
    public static double[][] Above(double[] floors, double[][] distance) =>
        ScoreMatrix.Fill(distance.Length, (i, j) => Math.Max(0, distance[i][j] - floors[i]));

    /// <summary>[N]: what form nearest divides a row by: how far its mean distance lies above its floor, at least the allowance.</summary>
    public static double[] NearestScales(double[][] distance, double[] floors) =>
        [.. distance.Select((row, i) => Math.Max(row.Sum() / Math.Max(row.Length - 1, 1) - floors[i], Allowance))];

    /// <summary>[N]: distance of each client to the nearest other; 0 for a single client.</summary>
    private static IEnumerable<double> NearestOther(double[][] distance) => distance.Length < 2 ? [0]
        : distance.Select((row, i) => row.Where((_, j) => j != i).Min());

    /// <summary>Puts the fixed value on the diagonal, where one was given.</summary>
    public double[][] Pin(double[][] scores) =>
        Kind != SelfScoreKind.Fixed ? scores : ScoreMatrix.Fill(scores.Length, (i, j) => i == j ? Value!.Value : scores[i][j]);
}

/// <summary>The forms of <see cref="SelfScore"/>.</summary>
public enum SelfScoreKind
{
    /// <summary>The best possible value: cosine 1, distance 0.</summary>
    Scored,

    /// <summary>
    /// A distance that counts as none is subtracted from all, so that an equal partner ties with oneself: a given one, or the typical distance to the nearest
    /// other.
    /// </summary>
    Floor,

    /// <summary>
    /// Every row has a floor of its own, 0.05 above its nearest other, but never beyond a limit (0.5, where half of what two clients learnt is shared, unless
    /// another is given), and a
    /// scale of its own, how far its mean lies above that floor, at least 0.05. For distances that are 1 − cosine.
    /// </summary>
    Nearest,

    /// <summary>A given score.</summary>
    Fixed,
}
