namespace LoraCollab.Cli.Explain;

/// <summary>What ops cost in a model of given sizes, each in the first piece of work that calls it.</summary>
/// <param name="Work">What was counted.</param>
/// <param name="Ops">The calls of the ops that were asked for.</param>
internal sealed record OpNumbers(string Work, IReadOnlyList<CountedOp> Ops)
{
    private const float Dropout = 0.1f;

    /// <summary>Empty for ops that none of the work calls.</summary>
    public static IReadOnlyList<OpNumbers> Of(IReadOnlyList<string> ops, GptConfig config, int batch, int length)
    {
        var lora = new LoraOptions();
        var options = new TrainingOptions
        {
            BatchSize = batch,
            SequenceLength = length,
            Dropout = DropoutRates.Of(Dropout, Dropout),
            AdamW = new() { ClipNorm = 1 }
        };
        int k = Math.Min(100, config.Vocabulary);
        (string Name, Func<IReadOnlyList<CountedOp>> Count)[] work =
        [
            ($"one training step: adapters of rank {lora.Rank} on the attention projections, dropout 0.1, clipping",
                () => OpCounts.AdapterStep(config, lora, options)),
            ("one training step of every parameter, dropout 0.1, clipping", () => OpCounts.FullStep(config, options)),
            ("the loss of one batch, without an adapter", () => OpCounts.Evaluation(config, batch, length)),
            ($"the {k} most probable tokens at every position of one batch", () => OpCounts.Predictions(config, batch, length, k)),
            ($"one new token of a text of {length}", () => OpCounts.NewToken(config, length)),
        ];
        var found = new List<OpNumbers>();
        var wanted = ops.ToHashSet();
        foreach (var (name, count) in work)
        {
            if (wanted.Count == 0) break;
            var calls = count().Where(call => wanted.Contains(call.Op)).ToArray();
            if (calls.Length == 0) continue;
            found.Add(new OpNumbers(name, calls));
            wanted.ExceptWith(calls.Select(call => call.Op));
        }
        return found;
    }
}
