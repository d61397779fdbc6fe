namespace LoraCollab.Federation.Participants;

/// <summary>
/// Measures a client's model on its report-validation text: the whole split in fixed order, a fixed part of it on the way, or random batches with replacement
/// (trap 18 = paper).
/// </summary>
internal sealed class ReportEvaluator(Workspace workspace)
{
    private const int DropoutStream = 0;

    /// <param name="adapter">null: the base.</param>
    /// <param name="iteration">Steps done; random batches are drawn anew at each.</param>
    public Evaluation Evaluate(Lane lane, int client, ClientData data, LoraAdapter? adapter, int iteration)
    {
        var options = workspace.Options;
        int t = options.SequenceLength;
        var dropout = workspace.EvaluationDropout(client, iteration, DropoutStream);
        if (!options.Compat.IsPaper(Trap.RandomEvaluation)) return lane.Evaluator.Evaluate(Windows(options, data, iteration), adapter, dropout: dropout);
        var sampler = new BatchSampler(data.ReportValidation, t, options.Seed, client, RandomPurpose.EvaluationWindows);
        return lane.Evaluator.Evaluate((batch, _, inputs, targets) => sampler.Fill(iteration, (int)batch, inputs, targets),
            options.EvaluationBatches, options.BatchSize, t, adapter, dropout: dropout);
    }

    /// <summary>Tokens that the evaluation of a client after <paramref name="iteration"/> steps reads.</summary>
    public static long Tokens(CollaborationOptions options, ClientData data, int iteration) =>
        options.Compat.IsPaper(Trap.RandomEvaluation)
            ? (long)options.EvaluationBatches * options.BatchSize * options.SequenceLength
            : Windows(options, data, iteration).PredictedTokens;

    private static EvaluationWindows Windows(CollaborationOptions options, ClientData data, int iteration) =>
        new(data.ReportValidation, options.SequenceLength, options.WindowsEvery(iteration));
}
