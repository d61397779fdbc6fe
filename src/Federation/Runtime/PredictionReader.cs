using LoraCollab.Engine;
using LoraCollab.Kernels;

namespace LoraCollab.Federation;

/// <summary>Reads what a model predicts at chosen positions of public windows: the k likeliest tokens of each.</summary>
internal sealed class PredictionReader(GptPass pass) : IDisposable
{
    private View _x, _logits, _lse;
    private IntView _ids;
    private int _rows, _k;

    /// <param name="adapter">The client's adapter.</param>
    /// <param name="ids">[W, T] public windows.</param>
    /// <param name="length">T.</param>
    /// <param name="positions">Rows of [W·T], ascending.</param>
    /// <param name="k">Tokens a position; at most V.</param>
    /// <param name="form">Jensen–Shannon: probabilities; L1: raw logits.</param>
    /// <param name="dropout">None, or attention dropout left on.</param>
    public TopPredictions Read(LoraAdapter adapter, int[] ids, int length, int[] positions, int k, PredictionForm form, DropoutDraw dropout = default)
    {
        Reserve(positions.Length, k);
        Gather(adapter, ids, length, positions, dropout);
        var lane = pass.Lane;
        lane.Scope = "predictions";
        lane.ClassifierTopK(_ids, _logits, _lse, _x, pass.Model.Head, positions.Length, k);
        var tokens = new int[positions.Length * k];
        var logits = new double[positions.Length * k];
        var lse = new double[positions.Length];
        lane.Download(tokens.AsSpan(), _ids);
        lane.Download(logits.AsSpan(), _logits);
        lane.Download(lse.AsSpan(), _lse);
        var values = new float[logits.Length];
        for (int e = 0; e < values.Length; e++) values[e] = (float)(form == PredictionForm.Js ? Math.Exp(logits[e] - lse[e / k]) : logits[e]);
        return new TopPredictions(tokens, values, k, pass.Config.Vocabulary);
    }

    public void Dispose() => Release();

    /// <summary>The classifier's input at the chosen rows alone: with few positions of long texts the final projection would otherwise be most of the work.</summary>
    private void Gather(LoraAdapter adapter, int[] ids, int length, int[] positions, DropoutDraw dropout)
    {
        int c = pass.Config.Channels, windows = ids.Length / length, next = 0;
        var gathered = new double[positions.Length * c];
        for (int first = 0; first < windows; first += pass.MaxBatch)
        {
            int count = Math.Min(pass.MaxBatch, windows - first), end = (first + count) * length;
            if (next == positions.Length || positions[next] >= end) continue;
            pass.Trunk(ids.AsSpan(first * length, count * length), count, adapter, dropout with { Step = dropout.Step + (uint)first });
            for (; next < positions.Length && positions[next] < end; next++)
                pass.Lane.Download(gathered.AsSpan(next * c, c), pass.FinalNormOutput.Slice((positions[next] - first * length) * (long)c, c));
        }
        pass.Lane.Upload(_x, gathered);
    }

    private void Reserve(int rows, int k)
    {
        if (rows == _rows && k == _k) return;
        Release();
        (_rows, _k) = (rows, k);
        _x = pass.Lane.Allocate("public rows", (long)rows * pass.Config.Channels);
        _logits = pass.Lane.Allocate("top logits", (long)rows * k);
        _lse = pass.Lane.Allocate("log-sum-exp", rows);
        _ids = pass.Lane.AllocateInts("top ids", (long)rows * k);
    }

    private void Release()
    {
        if (_rows == 0) return;
        foreach (var view in (ReadOnlySpan<View>)[_x, _logits, _lse]) view.Buffer.Dispose();
        _ids.Buffer.Dispose();
        _rows = 0;
    }
}
