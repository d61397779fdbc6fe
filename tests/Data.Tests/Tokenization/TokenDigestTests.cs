using System.Text.Json;

namespace LoraCollab.Data.Tests;

public class TokenDigestTests
{
    [Theory]
    [InlineData("multiwiki/fr.txt")]
    [InlineData("multiwiki/it.txt")]
    [InlineData("multiwiki/de.txt")]
    [InlineData("pretrain/wiki-en-sentences.txt")]
    [InlineData("codewiki/wiki-en.txt")]
    [InlineData("codewiki/java.txt")]
    [InlineData("agnews/train.csv")]
    [InlineData("agnews/test.csv")]
    public void Encode_DocumentsOfSharedData_MatchTheDigest(string file)
    {
        if (!Shared.Exists) Assert.Skip(Shared.Reason);
        using var json = JsonDocument.Parse(File.ReadAllBytes(Shared.Path("data", "gpt2-tokenizer", "token-digests.json")));
        JsonElement expected = json.RootElement.GetProperty("files").GetProperty(file);
        var documents = Documents(Shared.Path("data", file));
        int[] ids = [.. documents.SelectMany(d => Ids.Gpt2.Encode(d))];
        Assert.Equal(expected.GetProperty("documents").GetInt32(), documents.Count);
        Assert.Equal(expected.GetProperty("tokens").GetInt32(), ids.Length);
        Assert.Equal(expected.GetProperty("sha256_u16le").GetString(), Ids.Sha256(ids));
    }

    private static IReadOnlyList<string> Documents(string path) =>
        path.EndsWith(".csv", StringComparison.Ordinal) ? [.. AgNewsCsv.ReadRows(SourceFile.Of(path), new(new())).Select(r => r.Text)]
            : DocumentText.Split(TextFile.ReadContent(path));
}
