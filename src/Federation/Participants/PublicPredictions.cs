namespace LoraCollab.Federation.Participants;

/// <summary>What a model predicts at chosen positions of public windows, read batch by batch through one pass.</summary>
internal sealed class PublicPredictions(GptPass pass) : IDisposable
{
    private PredictionReader? _reader;
    private int _room;

    /// <param name="adapter">The client's adapter.</param>
    /// <param name="ids">[W, T] public windows.</param>
    /// <param name="length">T.</param>
    /// <param name="positions">Rows of [W·T], ascending.</param>
    /// <param name="k">Tokens a position; at most V.</param>
    /// <param name="form">L1: raw logits; the others: probabilities.</param>
    /// <param name="dropout">None, or attention dropout left on.</param>
    public TopPredictions Read(LoraAdapter adapter, int[] ids, int length, int[] positions, int k, PredictionForm form, DropoutDraw dropout = default)
    {
        Reserve(Math.Min(positions.Length, pass.MaxBatch * length), k);
        var (tokens, logits, lse) = (new int[positions.Length * k], new double[positions.Length * k], new double[positions.Length]);
        int windows = ids.Length / length, next = 0;
        for (int first = 0; first < windows; first += pass.MaxBatch)
        {
            int count = Math.Min(pass.MaxBatch, windows - first), start = first * length, end = start + count * length;
            int[] rows = [.. positions.Skip(next).TakeWhile(p => p < end).Select(p => p - start)];
            _reader!.Read(ids.AsSpan(start, count * length), count, adapter, rows, tokens.AsSpan(next * k, rows.Length * k),
                logits.AsSpan(next * k, rows.Length * k), lse.AsSpan(next, rows.Length), dropout with { Step = dropout.Step + (uint)first });
            next += rows.Length;
        }
        var values = new float[logits.Length];
        for (int e = 0; e < values.Length; e++) values[e] = (float)(form == PredictionForm.L1 ? logits[e] : Math.Exp(logits[e] - lse[e / k]));
        return new TopPredictions(tokens, values, k, pass.Config.Vocabulary) { Windows = windows };
    }

    public void Dispose() => _reader?.Dispose();

    private void Reserve(int rows, int k)
    {
        if (_reader is not null && rows <= _room && k == _reader.K) return;
        _reader?.Dispose();
        (_reader, _room) = (new PredictionReader(pass, rows, k), rows);
    }
}

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
