namespace LoraCollab.Federation.Strategies;

/// <summary>Distances of two clients' predictions at the same positions, in double from the float32 payloads.</summary>
public static class PredictionDistance
{
    private const double SeriesBelow = 0.02;

    /// <summary>[N][N] distances; 0 on the diagonal.</summary>
    /// <param name="predictions">[N], of the same positions, k and vocabulary.</param>
    /// <param name="form">Which distance.</param>
    public static double[][] Between(IReadOnlyList<TopPredictions> predictions, PredictionForm form)
    {
        var sorted = new SortedPredictions[predictions.Count];
        Parallel.For(0, sorted.Length, i => sorted[i] = new SortedPredictions(predictions[i]));
        return SymmetricMatrix.Build(sorted.Length, diagonal: 0, (i, j) => form == PredictionForm.Js
            ? MeanJs(sorted[i], sorted[j], Math.Sqrt) : L1(sorted[i], sorted[j]));
    }

    /// <summary>[N][N]: 1 − cos_ij of <see cref="PredictionForm.Change"/>; a client that predicts as the base does has cosine 0 with every other.</summary>
    public static double[][] OfChange(IReadOnlyList<TopPredictions> predictions, TopPredictions basis)
    {
        var sorted = new SortedPredictions[predictions.Count + 1];
        Parallel.For(0, sorted.Length, i => sorted[i] = new SortedPredictions(i < predictions.Count ? predictions[i] : basis));
        double[][] mean = SymmetricMatrix.Build(sorted.Length, diagonal: 0, (i, j) => MeanJs(sorted[i], sorted[j], js => js));
        double[] moved = mean[^1];
        return ScoreMatrix.Fill(predictions.Count, (i, j) => i == j ? 0 : moved[i] == 0 || moved[j] == 0 ? 1
            : 1 - (moved[i] + moved[j] - mean[i][j]) / (2 * Math.Sqrt(moved[i] * moved[j])));
    }

    /// <summary>[P]: √JS at each position, JS where changes are compared, or the sum of |z_i − z_j|.</summary>
    public static double[] PerPosition(TopPredictions p, TopPredictions q, PredictionForm form)
    {
        var (x, y) = (new SortedPredictions(p), new SortedPredictions(q));
        return [.. Enumerable.Range(0, p.Positions).Select(position => form switch
        {
            PredictionForm.Js => Math.Sqrt(Js(x, y, position)),
            PredictionForm.Change => Js(x, y, position),
            _ => AddL1(0, x, y, position),
        })];
    }

    /// <summary>The values both clients give the tokens that either of them sent for a position, the most different first.</summary>
    public static IReadOnlyList<TokenMove> Moves(TopPredictions p, TopPredictions q, int position, PredictionForm form)
    {
        var (x, y) = (new SortedPredictions(Only(p, position)), new SortedPredictions(Only(q, position)));
        double restX = form == PredictionForm.L1 ? 0 : x.Rest(0), restY = form == PredictionForm.L1 ? 0 : y.Rest(0);
        return [.. x.Ids.Union(y.Ids).Select(id => new TokenMove(id, Value(x, id, restX), Value(y, id, restY)))
            .OrderByDescending(m => Math.Abs(m.Peer - m.Own)).ThenBy(m => m.Id)];

        static double Value(SortedPredictions s, int id, double rest) => Array.BinarySearch(s.Ids, id) is >= 0 and int at ? s.Values[at] : rest;
    }

    private static TopPredictions Only(TopPredictions p, int position) =>
        new(p.Ids[(position * p.K)..((position + 1) * p.K)], p.Values[(position * p.K)..((position + 1) * p.K)], p.K, p.Vocabulary);

    /// <summary>
    /// Mean over positions of JS(P, Q) or its root, natural logarithm; P is its k values, and what is missing to 1 spread evenly over the other V − k tokens.
    /// </summary>
    private static double MeanJs(SortedPredictions p, SortedPredictions q, Func<double, double> of)
    {
        double sum = 0;
        for (int position = 0; position < p.Positions; position++) sum += of(Js(p, q, position));
        return sum / p.Positions;
    }

    private static double Js(SortedPredictions p, SortedPredictions q, int position)
    {
        double restP = p.Rest(position), restQ = q.Rest(position), js = 0;
        int support = 0;
        var (i, j, end) = (position * p.K, position * q.K, (position + 1) * p.K);
        while (i < end || j < end)
        {
            bool hasP = i < end && (j == end || p.Ids[i] <= q.Ids[j]), hasQ = j < end && (i == end || q.Ids[j] <= p.Ids[i]);
            js += JsTerm(hasP ? p.Values[i++] : restP, hasQ ? q.Values[j++] : restQ);
            support++;
        }
        return js + (p.Vocabulary - support) * JsTerm(restP, restQ);
    }

    /// <summary>
    /// ½·[p·ln(p/m) + q·ln(q/m)], m = (p + q)/2. With δ = (p − q)/(p + q) it is ½·m·[(1 + δ)ln(1 + δ) + (1 − δ)ln(1 − δ)], never negative;
    /// near δ = 0, where the logarithms cancel, its series δ² + δ⁴/6 + δ⁶/15 + δ⁸/28.
    /// </summary>
    private static double JsTerm(double p, double q)
    {
        if (p == q) return 0;
        double m = 0.5 * (p + q), d = (p - q) / (p + q), d2 = d * d;
        if (d2 < SeriesBelow * SeriesBelow) return 0.5 * m * d2 * (1 + d2 * (1.0 / 6 + d2 * (1.0 / 15 + d2 / 28)));
        return 0.5 * m * (XLogX(1 + d) + XLogX(1 - d));
    }

    private static double XLogX(double x) => x <= 0 ? 0 : x * Math.Log(x);

    /// <summary>Sum over positions and tokens of |z_i − z_j|, logits outside the own k largest read as 0.</summary>
    private static double L1(SortedPredictions p, SortedPredictions q)
    {
        double sum = 0;
        for (int position = 0; position < p.Positions; position++) sum = AddL1(sum, p, q, position);
        return sum;
    }

    private static double AddL1(double sum, SortedPredictions p, SortedPredictions q, int position)
    {
        var (i, j, end) = (position * p.K, position * q.K, (position + 1) * p.K);
        while (i < end && j < end)
        {
            // Whose id is lower is anybody's guess, a branch predictor's too: so no branches.
            int hasP = p.Ids[i] <= q.Ids[j] ? 1 : 0, hasQ = q.Ids[j] <= p.Ids[i] ? 1 : 0;
            sum += Math.Abs(hasP * p.Values[i] - hasQ * q.Values[j]);
            (i, j) = (i + hasP, j + hasQ);
        }
        for (; i < end; i++) sum += Math.Abs(p.Values[i]);
        for (; j < end; j++) sum += Math.Abs(q.Values[j]);
        return sum;
    }
}
