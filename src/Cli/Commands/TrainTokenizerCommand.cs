namespace LoraCollab.Cli.Commands;

[Verb("train-tokenizer", "Learn a byte-level BPE vocabulary from text, in GPT-2's file format.")]
[Example("A vocabulary of 2,000 tokens from a folder of texts", "--data texts/ --vocab 2000 --out my-tokenizer")]
internal sealed class TrainTokenizerCommand : Command
{
    [Options]
    public TextOptions Text { get; init; } = new();

    [VocabularyOption(Value = "N", Least = 257, Most = 1_000_000)]
    public int Vocab { get; init; } = 1024;

    [OutOption]
    public string? Out { get; init; }

    public override int Run(CommandContext context)
    {
        string output = Required("out", "the folder for vocab.json and merges.txt");
        var corpus = Text.Open(context.Error);
        var tokenizer = BpeTrainer.Train(corpus.Documents.Select(d => d.Text), Vocab);
        tokenizer.Save(output);
        if (Json)
            context.Out.WriteLine(JsonText.Line(new { vocabulary = tokenizer.VocabularySize, hash = tokenizer.Hash, @out = output }));
        else
            context.Out.WriteLine($"{Format.Count(tokenizer.VocabularySize)} tokens from {Format.Count(corpus.Documents.Count)} documents of {corpus.Name} → "
                + $"{output}");
        return ExitCode.Success;
    }
}
