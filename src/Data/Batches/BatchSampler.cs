namespace LoraCollab.Data.Batches;

/// <summary>
/// Training batches: windows of T + 1 tokens, their starts drawn with replacement. What a batch holds is a pure function of (seed, client, step, micro-batch,
/// row), so every scheme, thread count and resume point sees the same batches.
/// </summary>
public sealed class BatchSampler
{
    private readonly int[] _tokens;
    private readonly CounterRandom _random;

    /// <param name="tokens">one client's text</param>
    /// <param name="sequenceLength">T</param>
    /// <param name="seed">the run's seed</param>
    /// <param name="client">keeps the clients' draws apart</param>
    /// <param name="purpose">keeps training, trust and evaluation draws apart</param>
    /// <exception cref="UserException">the text is shorter than one window, T + 1 tokens</exception>
    public BatchSampler(int[] tokens, int sequenceLength, ulong seed, int client, RandomPurpose purpose = RandomPurpose.TrainingWindows)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(sequenceLength, 1);
        if (tokens.Length < sequenceLength + 1)
            throw new UserException(
                $"client {client}: a text of {tokens.Length} tokens is shorter than one window of {sequenceLength} + 1; "
                + "shorten the sequence length or give more text");
        _tokens = tokens;
        SequenceLength = sequenceLength;
        _random = new CounterRandom(seed, purpose, client);
    }

    /// <summary>T: the tokens of one row.</summary>
    public int SequenceLength { get; }

    /// <summary>Fills B rows of T inputs and the T tokens that follow each of them.</summary>
    /// <param name="step">the iteration</param>
    /// <param name="microBatch">the index among the iteration's accumulation steps</param>
    /// <param name="inputs">B·T ids, row by row</param>
    /// <param name="targets">B·T ids: targets[b·T + t] follows inputs[b·T + t] in the text</param>
    public void Fill(long step, int microBatch, Span<int> inputs, Span<int> targets)
    {
        int T = SequenceLength;
        if (inputs.Length % T != 0 || targets.Length != inputs.Length)
            throw new ArgumentException($"inputs ({inputs.Length}) and targets ({targets.Length}) must both be B·T long, T = {T}");
        CounterRandom rows = _random.At(step).At(microBatch);
        for (int b = 0; b < inputs.Length / T; b++)
        {
            int start = rows.Below(_tokens.Length - T, b);
            _tokens.AsSpan(start, T).CopyTo(inputs[(b * T)..]);
            _tokens.AsSpan(start + 1, T).CopyTo(targets[(b * T)..]);
        }
    }
}
