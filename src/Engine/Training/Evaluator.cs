namespace LoraCollab.Engine.Training;

/// <summary>What an evaluation found.</summary>
/// <param name="Loss">Mean loss in nats a token.</param>
/// <param name="Accuracy">Share of targets that were the most probable token.</param>
/// <param name="Tokens">Targets that counted.</param>
public readonly record struct Evaluation(double Loss, double Accuracy, long Tokens)
{
    public double Perplexity => Math.Exp(Loss);
}

/// <summary>
/// Measures loss, perplexity and accuracy over the windows of a text in fixed order, or over given batches. Sums run in double, window by window.
/// </summary>
public sealed class Evaluator(GptPass pass)
{
    private readonly int[] _inputs = new int[pass.MaxBatch * pass.MaxLength];
    private readonly int[] _targets = new int[pass.MaxBatch * pass.MaxLength];

    /// <summary>Every token of the windows once.</summary>
    /// <param name="windowLosses">Where wanted, the mean loss of every window: length <c>windows.Count</c>.</param>
    /// <param name="dropout">For measuring with dropout left on; the micro-batch's number is the window's among them.</param>
    public Evaluation Evaluate(EvaluationWindows windows, LoraAdapter? adapter, Span<double> windowLosses = default, DropoutDraw dropout = default)
    {
        int t = windows.SequenceLength;
        double nats = 0;
        long tokens = 0, correct = 0;
        for (int first = 0; first < windows.Count; first += pass.MaxBatch)
        {
            int count = Math.Min(pass.MaxBatch, windows.Count - first), length = count * t;
            windows.Fill(first, count, _inputs, _targets);
            var sum = pass.Evaluate(_inputs.AsSpan(0, length), _targets.AsSpan(0, length), count, adapter, dropout with { Step = dropout.Step + (uint)first });
            (tokens, correct) = (tokens + sum.Tokens, correct + sum.Correct);
            for (int w = 0; w < count; w++)
            {
                var (windowNats, counted) = WindowSum(w, t);
                nats += windowNats;
                if (!windowLosses.IsEmpty) windowLosses[first + w] = windowNats / counted;
            }
        }
        return new Evaluation(nats / tokens, (double)correct / tokens, tokens);
    }

    /// <summary>Every token of the windows once; a loss that is not finite is a failure and no result.</summary>
    /// <param name="steps">Training steps taken before.</param>
    /// <exception cref="NonFiniteException">The loss is NaN or infinite; the first bad tensor is named.</exception>
    public Evaluation EvaluateFinite(EvaluationWindows windows, LoraAdapter? adapter, long steps = 0)
    {
        var losses = new double[windows.Count];
        var found = Evaluate(windows, adapter, losses);
        if (double.IsFinite(found.Loss)) return found;
        int length = windows.SequenceLength, bad = Math.Max(0, Array.FindIndex(losses, loss => !double.IsFinite(loss)));
        windows.Fill(bad, 1, _inputs, _targets);
        string what = $"the loss of an evaluation{(steps > 0 ? $" after {steps} steps" : "")} is {NonFiniteFinder.Text(found.Loss)}";
        throw NonFiniteFinder.Explain(
            pass, _inputs.AsSpan(0, length), 1, adapter, DropoutDraw.None, what, steps > 0 ? "; a smaller learning rate may help" : "");
    }

    /// <summary>Given batches of B·T ids each.</summary>
    /// <param name="batch">B.</param>
    /// <param name="length">T.</param>
    /// <param name="batchLosses">Where wanted, the mean loss of every batch: length <paramref name="batches"/>.</param>
    public Evaluation Evaluate(
        BatchFill fill, int batches, int batch, int length, LoraAdapter? adapter, Span<double> batchLosses = default, DropoutDraw dropout = default)
    {
        Span<int> inputs = _inputs.AsSpan(0, batch * length), targets = _targets.AsSpan(0, batch * length);
        double nats = 0;
        long tokens = 0, correct = 0;
        for (int i = 0; i < batches; i++)
        {
            fill(i, 0, inputs, targets);
            var sum = pass.Evaluate(inputs, targets, batch, adapter, dropout with { Step = dropout.Step + (uint)i });
            (nats, tokens, correct) = (nats + sum.Nats, tokens + sum.Tokens, correct + sum.Correct);
            if (!batchLosses.IsEmpty) batchLosses[i] = sum.Mean;
        }
        return new Evaluation(nats / tokens, (double)correct / tokens, tokens);
    }

    // The sum over all windows is a sum of window sums, so that it does not depend on how many windows one batch holds.
    private (double Nats, int Tokens) WindowSum(int window, int t)
    {
        double nats = 0;
        int tokens = 0;
        for (int i = window * t; i < (window + 1) * t; i++)
        {
            if (_targets[i] < 0) continue;
            nats += pass.RowLosses[i];
            tokens++;
        }
        return (nats, tokens);
    }
}
