namespace LoraCollab.Cli.Commands;

[Verb("tokenize", "Token ids of a text file.")]
[Example("The ids of a text as a JSON array", "--tokenizer gpt2/ --in text.txt --json")]
internal sealed class TokenizeCommand : Command
{
    [TokenizerOption]
    public string? Tokenizer { get; init; }

    [InOption]
    public string? In { get; init; }

    public override int Run(CommandContext context)
    {
        int[] ids = Tokenizers.Load(Tokenizer ?? Shipped.Model).Encode(TextFile.WithoutMark(TextFile.Read(Required("in", "the text"))));
        context.Out.WriteLine(Json ? JsonText.Line(ids) : string.Join(' ', ids));
        return ExitCode.Success;
    }
}
