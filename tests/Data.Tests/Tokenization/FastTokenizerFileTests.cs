using System.Text.Json;

namespace LoraCollab.Data.Tests;

/// <summary>tokenizer.json, alone and beside vocab.json and merges.txt.</summary>
public class FastTokenizerFileTests
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Load_Gpt2AsTokenizerJsonAlone_GivesThePublishedIds(bool pairs)
    {
        if (!Shared.Exists) Assert.Skip(Shared.Reason);
        using var source = JsonDocument.Parse(File.ReadAllBytes(Shared.Path("data", "gpt2-tokenizer", "encoder.json")));
        string[] tokens = [.. source.RootElement.EnumerateObject().OrderBy(p => p.Value.GetInt32()).Select(p => p.Name)];
        string[] merges = [.. File.ReadAllLines(Shared.Path("data", "gpt2-tokenizer", "vocab.bpe")).Skip(1).Where(l => l.Length > 0)];
        using var folder = new SmallBpe().File("tokenizer.json", SmallBpe.Json(tokens, merges, pairs));
        var tokenizer = folder.Load();
        Assert.Equal(Ids.Gpt2.Hash, tokenizer.Hash);
        Assert.Equal(50256, tokenizer.EndOfText);
        using var vectors = JsonDocument.Parse(File.ReadAllBytes(Shared.Path("data", "gpt2-tokenizer", "vectors.json")));
        foreach (var vector in vectors.RootElement.EnumerateArray())
            Assert.Equal(vector.GetProperty("ids").EnumerateArray().Select(id => id.GetInt32()), tokenizer.Encode(vector.GetProperty("text").GetString()!));
    }

    [Theory]
    [InlineData("\"type\": \"BPE\", ", "")] // as the first versions wrote it
    [InlineData("\"unk_token\": null", "\"unk_token\": \"<|endoftext|>\", \"byte_fallback\": false, \"ignore_merges\": false")]
    [InlineData("\"dropout\": null", "\"dropout\": 0.0")]
    [InlineData("\"trim_offsets\": true}", "\"trim_offsets\": true, \"use_regex\": true}")]
    [InlineData("\"post_processor\": {\"type\": \"ByteLevel\", \"add_prefix_space\": true, \"trim_offsets\": false}", "\"post_processor\": null")]
    [InlineData("\"version\": \"1.0\", ", "\"next_years_switch\": false, ")]
    [InlineData("{\"version\"", "\uFEFF{\"version\"")]
    public void Load_OtherWaysToWriteIt_GiveTheSameTokenizer(string from, string to)
    {
        using var plain = new SmallBpe().Pair();
        using var changed = new SmallBpe().Fast(from, to);
        Assert.Equal(plain.Load().Hash, changed.Load().Hash);
        Assert.Equal([256, 257, Array.IndexOf(SmallBpe.Tokens, "c")], changed.Load().Encode("ab abc"));
    }

    [Theory]
    [InlineData("\"normalizer\": null", "\"normalizer\": {\"type\": \"NFC\"}", "normalizer = {\"type\": \"NFC\"}")]
    [InlineData("\"truncation\": null", "\"truncation\": {\"max_length\": 128}", "truncation = ")]
    [InlineData("\"padding\": null", "\"padding\": {\"strategy\": \"BatchLongest\"}", "padding = ")]
    [InlineData("{\"type\": \"ByteLevel\", \"add_prefix_space\": false, \"trim_offsets\": true}", "{\"type\": \"Sequence\", \"pretokenizers\": []}",
        "pre_tokenizer: the type is 'Sequence'")]
    [InlineData("{\"type\": \"ByteLevel\", \"add_prefix_space\": false, \"trim_offsets\": true}", "{\"type\": \"Split\", \"pattern\": {\"Regex\": \"x\"}}",
        "pre_tokenizer: the type is 'Split'")]
    [InlineData("{\"type\": \"ByteLevel\", \"add_prefix_space\": false, \"trim_offsets\": true}", "{\"type\": \"Metaspace\"}", "'Metaspace'")]
    [InlineData("{\"type\": \"ByteLevel\", \"add_prefix_space\": false, \"trim_offsets\": true}", "null", "pre_tokenizer is missing")]
    [InlineData("\"add_prefix_space\": false, \"trim_offsets\": true", "\"add_prefix_space\": false, \"use_regex\": false", "use_regex = false")]
    [InlineData("\"add_prefix_space\": false, \"trim_offsets\": true", "\"add_prefix_space\": false, \"behavior\": \"Isolated\"", "'behavior'")]
    [InlineData("\"post_processor\": {\"type\": \"ByteLevel\"", "\"post_processor\": {\"type\": \"TemplateProcessing\"", "'TemplateProcessing'")]
    [InlineData("\"decoder\": {\"type\": \"ByteLevel\"", "\"decoder\": {\"type\": \"WordPiece\"", "'WordPiece'")]
    [InlineData("\"type\": \"BPE\"", "\"type\": \"Unigram\"", "'Unigram'")]
    [InlineData("\"type\": \"BPE\"", "\"type\": \"WordPiece\"", "'WordPiece'")]
    [InlineData("\"dropout\": null", "\"dropout\": 0.1", "dropout = 0.1")]
    [InlineData("\"continuing_subword_prefix\": \"\"", "\"continuing_subword_prefix\": \"##\"", "continuing_subword_prefix = \"##\"")]
    [InlineData("\"end_of_word_suffix\": \"\"", "\"end_of_word_suffix\": \"</w>\"", "end_of_word_suffix")]
    [InlineData("\"fuse_unk\": false", "\"fuse_unk\": true", "fuse_unk = true")]
    [InlineData("\"fuse_unk\": false", "\"byte_fallback\": true", "byte_fallback = true")]
    [InlineData("\"fuse_unk\": false", "\"ignore_merges\": true", "ignore_merges = true")]
    [InlineData("\"fuse_unk\": false", "\"next_years_switch\": 1", "'next_years_switch' = 1")]
    [InlineData("\"version\": \"1.0\", ", "\"next_years_switch\": \"on\", ", "'next_years_switch' = \"on\"")]
    [InlineData("\"version\": \"1.0\"", "\"version\": \"2.0\"", "version is '2.0'")]
    [InlineData("\"special\": true", "\"special\": true, \"next\": true", "'next' = true")]
    [InlineData("\"content\": \"<|endoftext|>\"", "\"content\": \"ab\"", "added_tokens[0]: the token 'ab' has the id 258, but 256")]
    [InlineData("\"id\": 258", "\"id\": 7", "'<|endoftext|>' has the id 7, but 258")]
    [InlineData("\"id\": 258, \"special\": true, \"content\": \"<|endoftext|>\"", "\"id\": 259, \"special\": false, \"content\": \"<code>\"",
        "'<code>' is not special")]
    [InlineData("\"added_tokens\": [{", "\"added_tokens\": [null, {", "added_tokens is [null")]
    [InlineData("\"a b\"", "\"a b\", \"a b\"", "merges[1]: the merge 'a b' stands there a second time")]
    [InlineData("\"a b\"", "\"a  b\"", "merges[0]: expected two tokens")]
    [InlineData("\"a b\"", "[\"a\", \"b\", \"c\"]", "merges[0]: expected two tokens")]
    [InlineData("\"a b\"", "[\"a\", null]", "merges[0]: expected two tokens")]
    [InlineData("\"a b\"", "null", "merges[0]: expected two tokens")]
    [InlineData("\"a b\"", "[\"a\", \"c\"]", "needs the token 'ac'")]
    [InlineData("\"vocab\"", "\"vocab\": null, \"words\"", "'words'")]
    [InlineData("\"model\"", "\"model\": null, \"modell\"", "'modell'")]
    public void Load_AnythingElse_IsRefusedByName(string from, string to, string expected)
    {
        using var folder = new SmallBpe().Fast(from, to);
        string message = folder.Refused();
        Assert.Contains("tokenizer.json", message);
        Assert.Contains(expected, message);
    }

    [Theory]
    [InlineData("\"vocab\": [], \"merges\": []", "vocab is [], expected an object")]
    [InlineData("\"vocab\": {\"a\": 0}, \"merges\": 7", "merges is 7")]
    public void Load_ModelOfOtherKinds_IsRefusedByName(string model, string expected)
    {
        using var folder = new SmallBpe().File("tokenizer.json", "{\"version\": \"1.0\", \"added_tokens\": [], \"pre_tokenizer\": "
            + $"{{\"type\": \"ByteLevel\", \"add_prefix_space\": false}}, \"decoder\": {{\"type\": \"ByteLevel\"}}, "
            + $"\"model\": {{\"type\": \"BPE\", {model}}}}}");
        Assert.Contains(expected, folder.Refused());
    }

    [Fact]
    public void Load_BothFormsThatAgree_IsOneTokenizer()
    {
        using var folder = new SmallBpe().Pair().Fast();
        using var plain = new SmallBpe().Pair();
        Assert.Equal(plain.Load().Hash, folder.Load().Hash);
    }

    [Theory]
    [InlineData("\"a b\",", "", "2 merges and 1")]
    [InlineData("\"a b\",\"\\u0120 ab\"", "\"\\u0120 ab\",\"a b\"", "a merge, 'a b'")]
    [InlineData("\"!\":0,\"\\u0022\":1", "\"!\":1,\"\\u0022\":0", "the id of '!'")]
    [InlineData("\"add_prefix_space\": false", "\"add_prefix_space\": true", "add_prefix_space")]
    public void Load_BothFormsThatDiffer_IsRefused(string from, string to, string expected)
    {
        using var folder = new SmallBpe().Pair().Fast(from, to).File("tokenizer_config.json", "{\"add_prefix_space\": false}");
        Assert.Contains(expected, folder.Refused());
    }

    [Fact]
    public void Load_AddPrefixSpace_PutsABlankBeforeTextsWithoutOne()
    {
        using var folder = new SmallBpe().Fast("\"add_prefix_space\": false", "\"add_prefix_space\": true");
        var tokenizer = folder.Load();
        Assert.Equal([257], tokenizer.Encode("ab"));
        Assert.Equal([257], tokenizer.Encode(" ab"));
        Assert.Empty(tokenizer.Encode(""));
    }
}
