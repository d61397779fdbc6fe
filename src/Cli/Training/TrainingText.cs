namespace LoraCollab.Cli.Training;

/// <summary>The text of one training.</summary>
/// <param name="Corpus">All of it.</param>
/// <param name="Tokenizer">What its tokens are made with.</param>
/// <param name="Train">Tokens to learn from.</param>
/// <param name="Validation">Tokens held out.</param>
/// <param name="Sampler">Batches of the former.</param>
/// <param name="Windows">The latter in fixed order.</param>
internal sealed record TrainingText(ICorpus Corpus, ITokenizer Tokenizer, int[] Train, int[] Validation, BatchSampler Sampler, EvaluationWindows Windows)
{
    /// <param name="data">What --data says.</param>
    /// <param name="corpus">What it names.</param>
    /// <param name="tokenizer">Makes its ids.</param>
    /// <param name="options">How to train.</param>
    /// <param name="error">Told what is not held out, since it is trained on.</param>
    /// <exception cref="UserException">The text is too short.</exception>
    public static TrainingText Of(string data, ICorpus corpus, ITokenizer tokenizer, TrainingOptions options, TextWriter error)
    {
        var split = HoldOut.Split(corpus, tokenizer, TextSplit.HeldOut);
        DataNote.HeldOut(error, corpus, split);
        var (train, validation) = split;
        TextSplit.RequireWindow(train, options.SequenceLength, $"--data {data}, the part to train on");
        return new TrainingText(corpus, tokenizer, train, validation, new BatchSampler(train, options.SequenceLength, options.Seed, client: 0),
            new EvaluationWindows(validation, options.SequenceLength));
    }
}
