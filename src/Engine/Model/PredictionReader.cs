namespace LoraCollab.Engine.Model;

/// <summary>
/// The k most probable next tokens at chosen positions of a batch, and the log-sum that turns their logits into probabilities over the whole vocabulary:
/// p = exp(logit − lse). Only the chosen rows meet the classifier.
/// </summary>
public sealed class PredictionReader : IDisposable
{
    private readonly GptPass _pass;
    private readonly int _maxRows;
    private readonly View _x, _logits, _lse;
    private readonly IntView _tokens;

    /// <param name="maxRows">The most positions one call asks for.</param>
    /// <param name="k">Tokens a position; at most V.</param>
    public PredictionReader(GptPass pass, int maxRows, int k)
    {
        (_pass, _maxRows, K) = (pass, maxRows, k);
        _x = pass.Lane.Allocate("chosen rows", (long)maxRows * pass.Config.Channels);
        _logits = pass.Lane.Allocate("top logits", (long)maxRows * k);
        _lse = pass.Lane.Allocate("log-sums", maxRows);
        _tokens = pass.Lane.AllocateInts("top tokens", (long)maxRows * k);
    }

    /// <summary>Tokens a position.</summary>
    public int K { get; }

    /// <summary>Runs a batch and reads its predictions at <paramref name="rows"/> (row = sequence · T + position).</summary>
    /// <param name="tokens">[rows, k], most probable first, ties to the lower id.</param>
    /// <param name="logits">[rows, k].</param>
    /// <param name="lse">[rows]: log Σ exp over all V logits.</param>
    /// <param name="dropout">For reading with dropout left on.</param>
    /// <exception cref="LoraCollab.Data.UserException">A token is outside the vocabulary.</exception>
    public void Read(
        ReadOnlySpan<int> ids, int batch, LoraAdapter? adapter, ReadOnlySpan<int> rows, Span<int> tokens, Span<double> logits, Span<double> lse,
        DropoutDraw dropout = default)
    {
        if (rows.Length > _maxRows) throw new ArgumentException($"{rows.Length} positions were asked for, the reader has room for {_maxRows}", nameof(rows));
        if (rows.IsEmpty) return;
        var lane = _pass.Lane;
        _pass.Trunk(ids, batch, adapter, dropout);
        int c = _pass.Config.Channels, n = rows.Length;
        lane.Scope = "lm_head";
        for (int i = 0; i < n; i++) lane.Copy(_x.Slice((long)i * c, c), _pass.FinalNormOutput.Slice((long)rows[i] * c, c));
        var (top, best, sums) = (_tokens.Slice(0, (long)n * K), _logits.Slice(0, (long)n * K), _lse.Slice(0, n));
        lane.ClassifierTopK(top, best, sums, _x.Slice(0, (long)n * c), _pass.Model.Head, n, K);
        lane.Download(tokens, top);
        lane.Download(logits, best);
        lane.Download(lse, sums);
    }

    public void Dispose()
    {
        foreach (var view in (ReadOnlySpan<View>)[_x, _logits, _lse]) view.Buffer.Dispose();
        _tokens.Buffer.Dispose();
    }
}
