namespace LoraCollab.Federation.Participants;

/// <summary>The public windows and positions of one round of scheme 3: the same for all clients, drawn by the run's seed.</summary>
/// <param name="Ids">[W, T].</param>
/// <param name="Positions">Chosen rows of [W·T], ascending.</param>
internal sealed record PublicBatch(int[] Ids, int[] Positions)
{
    private const int PublicStream = 0;

    public static PublicBatch Draw(CollaborationOptions options, int[] reference, int iteration)
    {
        int t = options.SequenceLength, rows = options.BatchSize * t;
        var sampler = new BatchSampler(reference, t, options.Seed, PublicStream, RandomPurpose.PublicWindows);
        var ids = new int[options.PublicBatches * rows];
        var targets = new int[rows];
        for (int b = 0; b < options.PublicBatches; b++) sampler.Fill(iteration, b, ids.AsSpan(b * rows, rows), targets);
        return new PublicBatch(ids, Choose(PublicPositions.Parse(options.PredictionPositions!), ids.Length, t, options.Seed, iteration));
    }

    private static int[] Choose(PublicPositions form, int rows, int t, ulong seed, int iteration)
    {
        int[] all = [.. Enumerable.Range(0, rows)];
        if (form.Kind == PublicPositionsKind.All) return all;
        if (form.Kind == PublicPositionsKind.Last) return [.. all.Where(row => row % t == t - 1)];
        new CounterRandom(seed, RandomPurpose.PublicPositions, PublicStream).At(iteration).Shuffle<int>(all);
        int[] chosen = all[..Math.Min(form.Count, rows)];
        Array.Sort(chosen);
        return chosen;
    }
}
