namespace LoraCollab.Data.Batches;

/// <summary>
/// A text cut into windows of T tokens in fixed order, none overlapping: every token but the first is predicted exactly once, or those of every n-th window
/// are. The last window is filled up with input 0 and target <see cref="Ignored"/>.
/// </summary>
public sealed class EvaluationWindows
{
    /// <summary>The target of a position that does not count.</summary>
    public const int Ignored = -1;

    private readonly int[] _tokens;
    private readonly int _every;

    /// <param name="tokens">the split</param>
    /// <param name="sequenceLength">T</param>
    /// <param name="every">n: only the first of every n windows</param>
    /// <exception cref="UserException">fewer than two tokens: there is nothing to predict</exception>
    public EvaluationWindows(int[] tokens, int sequenceLength, int every = 1)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(sequenceLength, 1);
        if (tokens.Length < 2) throw new UserException($"a text of {tokens.Length} tokens has nothing to predict: evaluation needs at least 2");
        ArgumentOutOfRangeException.ThrowIfLessThan(every, 1);
        (_tokens, _every) = (tokens, every);
        SequenceLength = sequenceLength;
        long apart = (long)sequenceLength * every;
        Count = (int)((Targets(tokens.Length) + apart - 1) / apart);
        PredictedTokens = (Count - 1) * sequenceLength + (int)Math.Min(sequenceLength, Targets(tokens.Length) - (Count - 1) * apart);
    }

    /// <summary>T: the tokens of one window.</summary>
    public int SequenceLength { get; }

    /// <summary>The number of windows.</summary>
    public int Count { get; }

    /// <summary>The targets that count, over all windows.</summary>
    public int PredictedTokens { get; }

    /// <summary>Fills the windows first … first + count − 1; windows past the last are all padding, so that a batch may keep its size.</summary>
    /// <param name="first">index of the first window</param>
    /// <param name="count">B</param>
    /// <param name="inputs">B·T ids</param>
    /// <param name="targets">B·T ids or <see cref="Ignored"/></param>
    /// <returns>the number of targets that count</returns>
    public int Fill(int first, int count, Span<int> inputs, Span<int> targets)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(first);
        int length = count * SequenceLength;
        if (inputs.Length < length || targets.Length < length)
            throw new ArgumentException($"inputs ({inputs.Length}) and targets ({targets.Length}) must hold B·T = {length} ids");
        int counted = 0;
        for (int w = 0; w < count; w++)
        {
            Span<int> input = inputs.Slice(w * SequenceLength, SequenceLength), target = targets.Slice(w * SequenceLength, SequenceLength);
            long start = (long)(first + w) * _every * SequenceLength;
            int real = (int)Math.Clamp(Targets(_tokens.Length) - start, 0, SequenceLength);
            if (real > 0)
            {
                _tokens.AsSpan((int)start, real).CopyTo(input);
                _tokens.AsSpan((int)start + 1, real).CopyTo(target);
            }
            input[real..].Clear();
            target[real..].Fill(Ignored);
            counted += real;
        }
        return counted;
    }

    /// <summary>Tokens that have one before them.</summary>
    private static int Targets(int tokens) => tokens - 1;
}
