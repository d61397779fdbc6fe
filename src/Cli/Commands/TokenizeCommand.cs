using CommandLine;
using CommandLine.Text;

namespace LoraCollab.Cli.Commands;

[Verb("tokenize", HelpText = "Token ids of a text file.")]
internal sealed class TokenizeCommand : Command, ITokenizerOption
{
    public string? Tokenizer { get; set; }

    [Option("in", MetaValue = "FILE", Required = true, HelpText = "The text, UTF-8; a byte order mark is left out, no other byte is changed.")]
    public string In { get; set; } = "";

    [Usage(ApplicationAlias = "loracollab")]
    public static IEnumerable<Example> Examples =>
        [new("The ids of a text as a JSON array", new TokenizeCommand { Tokenizer = "gpt2/", In = "text.txt", Json = true })];

    public override int Run(CommandContext context)
    {
        int[] ids = Tokenizers.Load(Tokenizer ?? Shipped.Model).Encode(TextFile.WithoutMark(TextFile.Read(In)));
        context.Out.WriteLine(Json ? JsonText.Line(ids) : string.Join(' ', ids));
        return ExitCode.Success;
    }
}
