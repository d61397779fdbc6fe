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
