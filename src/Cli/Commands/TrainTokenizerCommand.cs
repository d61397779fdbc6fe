using CommandLine;
using CommandLine.Text;

namespace LoraCollab.Cli.Commands;

[Verb("train-tokenizer", HelpText = "Learn a byte-level BPE vocabulary from text, in GPT-2's file format.")]
internal sealed class TrainTokenizerCommand : Command, ICorpusOptions, IOutOption
{
    public string? Data { get; set; }
    public string? TextField { get; set; }
    public string? CategoryField { get; set; }

    [Option("vocab", MetaValue = "N", HelpText = "Tokens in the vocabulary: 256 bytes, the end of text, and merges. Default: 1024.")]
    public string? Vocab { get; set; }

    public string? Out { get; set; }

    [Usage(ApplicationAlias = "loracollab")]
    public static IEnumerable<Example> Examples =>
        [new("A vocabulary of 2,000 tokens from a folder of texts", new TrainTokenizerCommand { Data = "texts/", Vocab = "2000", Out = "my-tokenizer" })];

    public override int Run(CommandContext context)
    {
        string output = Required.Option("train-tokenizer", "--out", Out, "the folder for vocab.json and merges.txt");
        int vocabulary = Numbers.Whole("--vocab", Vocab, 1024, 257, 1_000_000);
        var corpus = CorpusChoice.Open(this, context.Error);
        var tokenizer = BpeTrainer.Train(corpus.Documents.Select(d => d.Text), vocabulary);
        tokenizer.Save(output);
        if (Json)
            context.Out.WriteLine(JsonText.Line(new { vocabulary = tokenizer.VocabularySize, hash = tokenizer.Hash, @out = output }));
        else
            context.Out.WriteLine($"{Format.Count(tokenizer.VocabularySize)} tokens from {Format.Count(corpus.Documents.Count)} documents of {corpus.Name} → {output}");
        return ExitCode.Success;
    }
}
