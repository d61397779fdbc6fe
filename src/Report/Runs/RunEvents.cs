namespace LoraCollab.Report.Runs;

/// <summary>A run's curves as TensorBoard events: a folder per scheme, so that the curves of all schemes stand in one diagram.</summary>
internal static class RunEvents
{
    /// <summary>Writes SCHEME/events.out.tfevents.0.loracollab below <paramref name="folder"/> and returns how many.</summary>
    public static int Write(string folder, RunRecord run, IReadOnlyList<RoundStatistics> rounds)
    {
        var time = File.GetLastWriteTimeUtc(Path.Combine(run.Folder, "summary.json"));
        foreach (string scheme in run.Schemes)
        {
            var file = new EventFile(time);
            foreach (var line in run.Metrics.Where(m => m.Scheme == scheme))
            {
                string phase = line.Phase.ToString().ToLowerInvariant();
                file.Scalar($"perplexity/mean_{phase}", line.Iteration, line.MeanPerplexity);
                file.Scalar($"loss/mean_{phase}", line.Iteration, line.MeanLoss);
                file.Scalar($"accuracy/mean_{phase}", line.Iteration, line.MeanAccuracy);
                if (line.Phase != EvaluationPhase.After) continue;
                foreach (var client in line.Clients) file.Scalar($"client_loss/{Tag(run.Manifest.Clients[client.Id].Name)}", line.Iteration, client.Loss);
            }
            foreach (var round in rounds.Where(r => r.Scheme == scheme))
            {
                file.Scalar("trust/entropy", round.Iteration, round.Trust.Entropy);
                file.Scalar("trust/effective_neighbours", round.Iteration, round.Trust.EffectiveNeighbours);
                file.Scalar("trust/self_weight", round.Iteration, round.Trust.SelfWeight);
                if (run.Manifest.Categories.Count > 0) file.Scalar("trust/inside_category", round.Iteration, round.Trust.InsideCategory);
                if (round.Trust.TheoreticalDistance is { } distance) file.Scalar("trust/theoretical_distance", round.Iteration, distance);
                file.Scalar("residual/mean", round.Iteration, round.Residual);
                file.Scalar("residual/relative", round.Iteration, round.ResidualRelative);
            }
            file.Save(Path.Combine(folder, scheme, "events.out.tfevents.0.loracollab"));
        }
        return run.Schemes.Count;
    }

    /// <summary>A name as one part of a tag: TensorBoard groups curves by what stands before a slash.</summary>
    private static string Tag(string name) => name.Replace('/', '_').Replace('\\', '_');
}
