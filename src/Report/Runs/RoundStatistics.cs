namespace LoraCollab.Report.Runs;

/// <summary>One aggregation in a few numbers.</summary>
/// <param name="Scheme">Whose.</param>
/// <param name="Round">1 for the first.</param>
/// <param name="Iteration">Steps done.</param>
/// <param name="Trust">Of the matrix, means over the clients that took part.</param>
/// <param name="Residual">Mean over clients of ρ_i, what averaging A and B separately lost.</param>
/// <param name="ResidualRelative">Mean over clients of ρ_i over the norm of the exact mean.</param>
public sealed record RoundStatistics(string Scheme, int Round, int Iteration, TrustStatistics Trust, double Residual, double ResidualRelative)
{
    /// <summary>Of every aggregation, in the order of trust.jsonl.</summary>
    public static IReadOnlyList<RoundStatistics> Of(RunRecord run)
    {
        return [.. run.Trust.Select(line => Of(run, line))];
    }

    private static RoundStatistics Of(RunRecord run, TrustLine line)
    {
        var who = line.TookPart();
        return new RoundStatistics(line.Scheme, line.Round, line.Iteration, line.Statistics(run.Shares, run.TheoreticalTrust(who)),
            who.Of(line.Residual).Average(), who.Of(line.ResidualRelative).Average());
    }
}

/// <summary>What the trust matrices say in numbers, aggregation by aggregation.</summary>
internal static class StatisticsFigure
{
    public static ReportFigure? Of(RunRecord run, IReadOnlyList<RoundStatistics> rounds)
    {
        if (rounds.Count == 0) return null;
        bool categories = run.Manifest.Categories.Count > 0;
        Chart Diagram(string title, string y, Func<RoundStatistics, double?> value, (double, double)? range = null) => new(title, "iteration", y,
            [.. run.Schemes.Select(scheme => new Series(scheme, SchemeStyle.Of(scheme),
                [.. rounds.Where(r => r.Scheme == scheme && value(r) is not null).Select(r => ((double)r.Iteration, value(r)!.Value))]) { MarkerSize = 4 })])
        { YRange = range, XTicks = IterationTicks.Of([.. rounds.Select(r => (double)r.Iteration)]) };
        Chart[] charts =
        [
            Diagram("entropy of a row", "nats", r => r.Trust.Entropy),
            Diagram("effective neighbours", "exp(entropy)", r => r.Trust.EffectiveNeighbours),
            Diagram("weight of oneself", "share", r => r.Trust.SelfWeight, (-0.03, 1.03)),
            .. categories ? (Chart[])
            [
                Diagram("trust inside the own category", "share", r => r.Trust.InsideCategory, (-0.03, 1.03)),
                Diagram("distance to the theoretical matrix", "total variation", r => r.Trust.TheoreticalDistance, (-0.03, 1.03)),
            ] : [],
            Diagram("residual of averaging A and B", "Frobenius norm", r => r.Residual),
            Diagram("residual over the exact mean", "ratio", r => r.ResidualRelative),
        ];
        return new ReportFigure("rounds", "Trust by aggregation",
            "Means over clients. Entropy −Σ w ln w of a row, its exp (how many equal neighbours it amounts to), the weight of oneself, "
            + (categories ? "the trust that stays inside the own main category (oneself included), the total variation ½ Σ|w − t| of a row to the "
                + "theoretical one, " : "")
            + "and what averaging A and B separately lost of the mean update, in norm and as a share.",
            path => ChartPicture.Save(path, $"Trust by aggregation, {RunTitle.Of(run)}", charts, 4, (350, 270)));
    }
}
