using LoraCollab.Cli.Parsing;
using LoraCollab.Data;

namespace LoraCollab.Cli.Opening;

/// <summary>A corpus as one stream of tokens: all of it, or the part that is trained on or held out.</summary>
internal static class TextSplit
{
    /// <summary>The share that training commands hold out for validation: the last tenth of one text, every tenth of many documents.</summary>
    public const double HeldOut = 0.1;

    public static int[] Of(ICorpus corpus, ITokenizer tokenizer, string? split) => Choice.Of("--split", split, "all", ("all", "all"), ("train", "train"), ("validation", "validation")) switch
    {
        "train" => HoldOut.Split(corpus, tokenizer, HeldOut).Train,
        "validation" => HoldOut.Split(corpus, tokenizer, HeldOut).Validation,
        _ => new DocumentJoiner(tokenizer).Join(corpus.Documents),
    };
}
