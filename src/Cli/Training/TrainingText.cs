using LoraCollab.Cli.Opening;
using LoraCollab.Cli.Options;
using LoraCollab.Data;
using LoraCollab.Engine;

namespace LoraCollab.Cli.Training;

/// <summary>The text of one training.</summary>
/// <param name="Corpus">All of it.</param>
/// <param name="Train">Tokens to learn from.</param>
/// <param name="Validation">Tokens held out.</param>
/// <param name="Sampler">Batches of the former.</param>
/// <param name="Windows">The latter in fixed order.</param>
internal sealed record TrainingText(ICorpus Corpus, int[] Train, int[] Validation, BatchSampler Sampler, EvaluationWindows Windows)
{
    /// <exception cref="UserException">The text is too short.</exception>
    public static TrainingText Of(ICorpusOptions text, ICorpus corpus, ITokenizer tokenizer, TrainingOptions options)
    {
        var (train, validation) = HoldOut.Split(corpus, tokenizer, TextSplit.HeldOut);
        TextSplit.RequireWindow(train, options.SequenceLength, $"--data {text.Data ?? Defaults.Data}, the part to train on");
        return new TrainingText(corpus, train, validation, new BatchSampler(train, options.SequenceLength, options.Seed, client: 0),
            new EvaluationWindows(validation, options.SequenceLength));
    }
}
