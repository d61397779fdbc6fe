namespace LoraCollab.Federation.Strategies;

/// <summary>
/// Scheme 3: s_ij = −max(0, d_ij − f_i) / m_i, d the distance of two clients' predictions on public text, f_i what counts as none and m_i a scale, both of
/// the form of one's own score (without a floor 0 and the mean over all pairs, at least 1e-3); or, as published, −10 times the distances divided by their
/// row's sum.
/// </summary>
/// <param name="form">How distance is measured.</param>
/// <param name="rowNormalised">The published scaling (trap 10 = paper): self-trust then depends on N.</param>
/// <param name="self">One's own score.</param>
public sealed class PredictionSimilarity(PredictionForm form = PredictionForm.Change, bool rowNormalised = false, SelfScore? self = null)
    : Strategy(Declaration)
{
    private const double SmallestScale = 1e-3, NothingAboveFloor = 1e-6, PublishedFactor = 10;
    private const int ContextTokens = 16, MovesKept = 8;

    private readonly SelfScore _self = self ?? Own(form);

    public static StrategyDeclaration Declaration { get; } = new("prediction", c => new PredictionSimilarity(
        c.Options.PredictionForm!.Value, c.Options.Compat.IsPaper(Trap.RowNormalised), SelfScore.Of(c.Options.Self!, Declaration!.Name)))
    {
        Role = StrategyRole.Similarity,
        Needs = StrategyNeeds.PublicText,
        Traffic = Traffic.Adapters | Traffic.Predictions,
        // Cosines have a scale of their own.
        Softmax = new(o => o.Compat.IsPaper(Trap.RowNormalised) ? 1 : o.PredictionForm == PredictionForm.Change ? 0.1 : 0.2),
        Self = new(o => Own(o.PredictionForm!.Value))
        {
            Refuses = (o, given) => given.Kind != SelfScoreKind.Nearest || o.PredictionForm == PredictionForm.Change ? null
                : $"nearest is for cosines, which the prediction form {o.PredictionForm.ToString()!.ToLowerInvariant()} has not; "
                    + "give floor, or the prediction form change",
        },
        Forms =
        [
            ("js", o => o with { PredictionForm = PredictionForm.Js, PredictionPositions = "all" }),
            ("l1-all", o => Published(o) with { PredictionPositions = "all" }),
            ("l1-last", o => Published(o) with { PredictionPositions = "last" }),
        ],
        IsExplained = true,
    };

    public override RoundCost Cost(int clients) => new(PublicModels: clients + (form == PredictionForm.Change ? 1 : 0));

    public override TrustScores Score(ITrustRound round) =>
        form == PredictionForm.Change ? Score(PredictionDistance.OfChange(round.Predictions(), round.BasePredictions())) : Score(round.Predictions());

    /// <summary>From predictions [N] to scores; distances of the L1 form are stated a window, which changes no score.</summary>
    public TrustScores Score(IReadOnlyList<TopPredictions> predictions)
    {
        var scores = Score(PredictionDistance.Between(predictions, form));
        if (form != PredictionForm.L1) return scores;
        double[][] distance = scores.Distance!;
        int windows = predictions[0].Windows;
        return scores with { Distance = ScoreMatrix.Fill(distance.Length, (i, j) => distance[i][j] / windows), DistanceScale = scores.DistanceScale / windows };
    }

    /// <summary>From distances [N][N] to scores.</summary>
    public TrustScores Score(double[][] distance)
    {
        var (floors, divisor, scale) = Scaled(distance);
        double[][] above = SelfScore.Above(floors, distance);
        double[][] scores = ScoreMatrix.Fill(distance.Length, (i, j) => divisor[i] == 0 ? 0 : -above[i][j] / divisor[i]);
        return new TrustScores(_self.Pin(scores), TrustNormalisation.Softmax) { Distance = distance, DistanceScale = scale };
    }

    /// <summary>[N]: the distance that counts as none in a row, [N]: what the row is divided by (0: nothing counts), and the mean scale.</summary>
    private (double[] Floors, double[] Divisor, double Scale) Scaled(double[][] distance)
    {
        double[] floors = _self.Floors(distance), scales = Scales(distance, floors);
        bool nothing = _self == SelfScore.Floor && scales.Max() < NothingAboveFloor;
        double[] divisor = rowNormalised ? [.. SelfScore.Above(floors, distance).Select(row => row.Sum() / PublishedFactor)]
            : [.. scales.Select(scale => Math.Max(scale, SmallestScale))];
        return (floors, nothing ? new double[distance.Length] : divisor, scales.Average());
    }

    /// <summary>
    /// [N]: what distances are divided by: the mean of all above the floor, of form nearest the row's mean above its own; cosines have their scale already.
    /// </summary>
    private double[] Scales(double[][] distance, double[] floors)
    {
        if (_self.Kind == SelfScoreKind.Nearest) return SelfScore.NearestScales(distance, floors);
        double mean = ScoreMatrix.MeanOffDiagonal(distance);
        return [.. floors.Select(floor => form == PredictionForm.Change ? 1 : mean - floor)];
    }

    private static SelfScore Own(PredictionForm form) => form == PredictionForm.Change ? SelfScore.Nearest : SelfScore.Floor;

    private static CollaborationOptions Published(CollaborationOptions o) =>
        o with { PredictionForm = PredictionForm.L1, Compat = o.Compat.With(Trap.RowNormalised, true) };

    /// <summary>The distance of two clients' predictions, position by position.</summary>
    public override TrustExplanation Explain(TrustExplanation frame, IExplainedPair pair)
    {
        var (round, (i, j), text) = (pair.Round, pair.Rows, pair.PublicText());
        bool change = form == PredictionForm.Change;
        var predictions = round.Predictions();
        double[][] all = change ? PredictionDistance.OfChange(predictions, round.BasePredictions()) : PredictionDistance.Between(predictions, form);
        var (floors, divisors, _) = Scaled(all);
        var (values, parts, distance) = change ? Changes(predictions[i], predictions[j], round.BasePredictions()) : Distances(predictions[i], predictions[j]);
        double unit = divisors[i] == 0 ? 0 : 1 / divisors[i], score = -unit * Math.Max(0, distance - floors[i]);
        return frame with
        {
            Kind = "position",
            Meaning = form switch
            {
                PredictionForm.Js => "−mean √JS of the predictions on public text",
                PredictionForm.Change => "cosine of what training changed in the predictions on public text, less 1",
                _ => "−Σ|z_i − z_j| of the largest logits on public text",
            } + (rowNormalised ? ", over the row's sum, times 10" : unit == 1 ? "" : ", over the scale of the distances"),
            Columns = [change ? "JS" : "distance"],
            Parts = [.. values.Select((v, p) => Part(p, v, unit * parts[p])).OrderByDescending(p => Math.Abs(p.Importance))],
            Offset = score - unit * parts.Sum(),
            OffsetMeaning = (change ? "how unequally much the two have changed, and " : "")
                + $"what the form {_self} of one's own score does not count of the distance",
        };

        TrustPart Part(int position, double value, double contribution)
        {
            int t = text.Length, row = text.Positions[position], start = Math.Max(row / t * t, row - ContextTokens + 1);
            return new TrustPart($"{row / t}:{row % t}", contribution, [value])
            {
                Tokens = text.Ids[start..(row + 1)],
                Next = row % t == t - 1 ? null : text.Ids[row + 1],
                Moves = [.. PredictionDistance.Moves(predictions[i], predictions[j], position, form).Take(MovesKept)],
            };
        }
    }

    /// <summary>The distance is the mean of the positions', or their sum.</summary>
    private (double[] Values, double[] Parts, double Distance) Distances(TopPredictions p, TopPredictions q)
    {
        double[] distance = PredictionDistance.PerPosition(p, q, form);
        double[] parts = Array.ConvertAll(distance, d => form == PredictionForm.Js ? -d / distance.Length : -d);
        return (distance, parts, -parts.Sum());
    }

    /// <summary>
    /// 1 − cos_ij = 1 − (D_i + D_j)/n + Σ_p JS_ij/(P·n), n = 2·√(D_i·D_j): where both changed equally much the first two cancel, and what the
    /// positions add is left.
    /// </summary>
    private static (double[] Values, double[] Parts, double Distance) Changes(TopPredictions p, TopPredictions q, TopPredictions basis)
    {
        double[] between = PredictionDistance.PerPosition(p, q, PredictionForm.Change);
        double ofP = PredictionDistance.PerPosition(p, basis, PredictionForm.Change).Average();
        double ofQ = PredictionDistance.PerPosition(q, basis, PredictionForm.Change).Average();
        double norms = 2 * Math.Sqrt(ofP * ofQ);
        if (norms == 0) return (between, new double[between.Length], 1);
        double[] parts = Array.ConvertAll(between, js => -js / (between.Length * norms));
        return (between, parts, 1 - (ofP + ofQ) / norms - parts.Sum());
    }
}
