using LoraCollab.Testing.Damage;

namespace LoraCollab.Borders.Tests;

/// <summary>Corpora, tokenizers, prepared data.</summary>
internal static class DataReaders
{
    public static IReadOnlyList<ReaderCase> All { get; } =
    [
        Corpus("JSON lines", FileForm.JsonLines, "posts.jsonl", "jsonl:posts.jsonl",
            "JsonRows.ForEachLine", "JsonRows.Parse", "Corpora.Open", "JsonLines.Open"),
        Corpus("JSON lines, recognised", FileForm.JsonLines, "posts.jsonl", "posts.jsonl"),
        Corpus("JSON in one array", FileForm.Json, "rows.json", "jsonl:rows.json", "JsonRows.Beginning", "JsonRows.ForEachElement"),
        Corpus("gzipped JSON lines", FileForm.Bytes, "posts.jsonl.gz", "jsonl:posts.jsonl.gz",
            "OrdinaryFile.ReadAllBytes", "PackedText.Gunzip", "PackedText.RequireText"),
        Corpus("gzipped text", FileForm.Bytes, "packed/a.txt.gz", "packed"),
        Corpus("CSV", FileForm.Lines, "news/train.csv", "agnews:news", "AgNewsCsv.ReadRows"),
        Corpus("names of classes", FileForm.Lines, "news/classes.txt", "news", "AgNewsCsv.Open"),
        Corpus("folder of text files", FileForm.Lines, "texts/cats.txt", "texts", "TextFolder.Read", "TokenizeCommand.Run"),
        Corpus("text file", FileForm.Lines, "texts/cats.txt", "file:texts/cats.txt", "SingleText.Open"),
        Corpus("clients' text files", FileForm.Lines, "people/ann.txt", "clients:people"),
        Corpus("clients' public text", FileForm.Lines, "people/public.txt", "clients:people"),
        Corpus("wiki blocks", FileForm.Lines, "mixed/wiki/AA/wiki_00", "folders:mixed", "WikiExtract.Texts", "CategoryFolders.Open"),
        Corpus("wiki JSON", FileForm.JsonLines, "mixed/wiki/AA/wiki_01", "folders:mixed"),
        Corpus("source code", FileForm.Bytes, "mixed/code/a.py", "mixed", "DocumentFile.Read"),
        Corpus("code as JSON lines", FileForm.JsonLines, "mixed/code/b.jsonl", "mixed"),
        Corpus("separated documents", FileForm.Lines, "mixed/code/c.txt", "mixed"),
        Corpus("own manifest", FileForm.Json, "own/own.json", "manifest:own/own.json", "OwnManifest.Documents", "OwnManifest.Parse"),
        Corpus("own manifest's text", FileForm.Lines, "own/a.txt", "own/own.json"),
        Corpus("own manifest's JSON lines", FileForm.JsonLines, "own/b.jsonl", "own/own.json"),
        Tokens("vocabulary", FileForm.Json, "bpe/vocab.json", "bpe", "Gpt2Files.ReadPair", "Tokenizers.Load"),
        Tokens("merges", FileForm.Lines, "bpe/merges.txt", "bpe", "MergesFile.Read"),
        Tokens("tokenizer.json", FileForm.Json, "fast/tokenizer.json", "fast", "FastTokenizerFile.Read"),
        Tokens("tokenizer_config.json", FileForm.Json, "bpe/tokenizer_config.json", "bpe", "TokenizerConfig.Find"),
        Tokens("special_tokens_map.json", FileForm.Json, "bpe/special_tokens_map.json", "bpe"),
        Tokens("characters", FileForm.Json, "model/chars.json", "model", "CharacterTokenizer.Load"),
        Prepared("manifest of prepared data", FileForm.Json, "prepared/manifest.json", "ClientManifest.Load"),
        Prepared("prepared tokens", FileForm.Bytes, "prepared/client_1.trust.tokens", "FederatedData.Load", "TokenFile.Read"),
        new("hashes.json", FileForm.Json, "own/hashes.json", ["FileHashes.Load"], c => FileHashes.Load(c.At("own"))?.Faults(c.At("own")).Count()),
        new("token file", FileForm.Bytes, "prepared/reference.tokens", [], c => TokenFile.Read(c.At("prepared", "reference.tokens"))),
    ];

    private static ReaderCase Corpus(string name, FileForm form, string file, string spec, params string[] members) => new(name, form, file, members, c =>
    {
        int colon = spec.IndexOf(':');
        var corpus = Corpora.Open(spec[..(colon + 1)] + c.At(spec[(colon + 1)..]));
        Assert.True(corpus.Documents.All(d => d.Text.Length >= 0 && d.Category < corpus.Categories.Count));
    });

    private static ReaderCase Tokens(string name, FileForm form, string file, string folder, params string[] members) => new(name, form, file, members, c =>
    {
        var tokenizer = Tokenizers.Load(c.At(folder));
        Assert.NotNull(tokenizer.Encode(tokenizer.Decode([.. Enumerable.Range(0, Math.Min(30, tokenizer.VocabularySize))])));
        Assert.NotNull(tokenizer.Hash);
    });

    private static ReaderCase Prepared(string name, FileForm form, string file, params string[] members) =>
        new(name, form, file, members, c => FederatedData.Load(c.At("prepared")));
}
