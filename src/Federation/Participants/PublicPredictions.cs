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
            _reader!.Read(ids.AsSpan(start, count * length), count, adapter, rows, tokens.AsSpan(next * k, rows.Length * k), logits.AsSpan(next * k, rows.Length * k),
                lse.AsSpan(next, rows.Length), dropout with { Step = dropout.Step + (uint)first });
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
