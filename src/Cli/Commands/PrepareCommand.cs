using Spectre.Console;

namespace LoraCollab.Cli.Commands;

[Verb("prepare", "Deal a corpus to clients: token files of every split, and a manifest of who holds what.")]
[Example("Nine clients of three languages, each mostly one", "--data languages --distribution mixed --clients 9 --out prepared")]
internal sealed class PrepareCommand : Command
{
    [Options]
    public TextOptions Text { get; init; } = new();

    [TokenizerOption]
    public string? Tokenizer { get; init; }

    [Options]
    public PartitionOptions Deal { get; init; } = new();

    [SeedOption]
    public ulong Seed { get; init; } = 1;

    [OutOption]
    public string? Out { get; init; }

    public override int Run(CommandContext context)
    {
        string output = Required("out", "the folder for token files and manifest");
        if (File.Exists(output)) throw new UserException($"--out {output}: expected a folder, found a file; name another folder, or move the file away");
        var options = Partition.Of(Deal, Given, Seed, minimum: 2);
        var tokenizer = Tokenizers.Load(Tokenizer ?? Shipped.Model);
        var corpus = Text.Open(context.Error);
        using var held = FolderLock.Take(output);
        AtomicFile.Sweep(output);
        var data = FederatedData.Partition(corpus, tokenizer, options);
        DataNote.Dealt(context.Error, data.Manifest);
        data.Save(output);
        if (Json) context.Out.Write(data.Manifest.ToJson());
        else Print(context.Terminal, data.Manifest);
        return ExitCode.Success;
    }

    private void Print(Terminal terminal, ClientManifest manifest)
    {
        var table = new Table { Border = TableBorder.Simple }.AddColumns("client", "train", "trust", "report", "shares of categories");
        for (int c = 1; c <= 3; c++) table.Columns[c].RightAligned();
        foreach (var client in manifest.Clients)
            table.AddRow(Markup.Escape(ForeignText.Name(client.Name)), Format.Count(client.Train.Tokens),
                Format.Count(client.TrustValidation.Tokens), Format.Count(client.ReportValidation.Tokens),
                Markup.Escape(string.Join(", ", client.Shares.Select((s, c) => (s, c)).Where(x => x.s > 0)
                    .Select(x => $"{manifest.Categories[x.c]} {Format.Fixed(x.s * 100, 0)} %"))));
        terminal.Ansi.Write(table);
        terminal.Out.WriteLine($"{Format.Count(manifest.Reference.Tokens)} public tokens; {manifest.Distribution} distribution of {manifest.Data}, seed "
            + $"{manifest.Seed} → {Out}");
    }
}
