namespace LoraCollab.Engine.Model;

/// <summary>
/// Reads the logits of a pass's last batch, a chunk of rows at a time: for generation, comparison with other systems, and small vocabularies.
/// </summary>
public sealed class LogitReader : IDisposable
{
    private const int ChunkRows = 32;
    private readonly GptPass _pass;
    private readonly View _chunk;

    public LogitReader(GptPass pass)
    {
        _pass = pass;
        _chunk = pass.Lane.Allocate("logits", Math.Min(ChunkRows, pass.MaxBatch * pass.MaxLength) * (long)pass.Config.Vocabulary);
    }

    /// <summary>The logits of rows first, first + 1, … : [count, V].</summary>
    public void Read(Span<float> logits, int first, int count)
    {
        int c = _pass.Config.Channels, v = _pass.Config.Vocabulary, chunk = (int)(_chunk.Length / v);
        _pass.Lane.Scope = "lm_head";
        for (int done = 0; done < count; done += chunk)
        {
            int rows = Math.Min(chunk, count - done);
            var z = _chunk.Slice(0, (long)rows * v);
            _pass.Lane.MatMul(z, _pass.FinalNormOutput.Slice((first + done) * (long)c, (long)rows * c), _pass.Model.Head, default, rows);
            _pass.Lane.Download(logits.Slice(done * v, rows * v), z);
        }
    }

    /// <summary>All rows: [B·T, V].</summary>
    public float[] Read()
    {
        var logits = new float[checked(_pass.Rows * _pass.Config.Vocabulary)];
        Read(logits, 0, _pass.Rows);
        return logits;
    }

    public void Dispose() => _chunk.Buffer.Dispose();
}
