namespace LoraCollab.Data.Tests;

/// <summary>tokenizer_config.json, special_tokens_map.json and added_tokens.json beside vocab.json and merges.txt.</summary>
public class TokenizerConfigTests
{
    private const string Config = "tokenizer_config.json", Map = "special_tokens_map.json", Added = "added_tokens.json";

    private const string Decoder = "\"added_tokens_decoder\": {\"258\": {\"content\": \"<|endoftext|>\", \"lstrip\": false, \"normalized\": true, "
        + "\"rstrip\": false, \"single_word\": false, \"special\": true}}";

    /// <summary>As versions of transformers from 2 to 5 write them for GPT-2.</summary>
    [Theory]
    [InlineData(Config, "{\"model_max_length\": 1024}")]
    [InlineData(Config, "{\"max_len\": 1024, \"init_inputs\": []}")]
    [InlineData(Config, "{\"errors\": \"replace\", \"unk_token\": {\"content\": \"<|endoftext|>\", \"single_word\": false, \"lstrip\": false, \"rstrip\": "
        + "false, \"normalized\": true, \"__type\": \"AddedToken\"}, "
        + "\"bos_token\": {\"content\": \"<|endoftext|>\", \"__type\": \"AddedToken\"}, \"eos_token\": {\"content\": \"<|endoftext|>\", \"__type\": "
            + "\"AddedToken\"}, \"pad_token\": null, "
        + "\"add_prefix_space\": false, \"add_bos_token\": false, \"model_max_length\": 1024, \"special_tokens_map_file\": null, \"name_or_path\": "
            + "\"gpt2\", \"tokenizer_class\": \"GPT2Tokenizer\"}")]
    [InlineData(Config, "{\"add_bos_token\": false, \"add_prefix_space\": false, " + Decoder + ", \"bos_token\": \"<|endoftext|>\", "
        + "\"clean_up_tokenization_spaces\": true, "
        + "\"eos_token\": \"<|endoftext|>\", \"errors\": \"replace\", \"extra_special_tokens\": {}, \"legacy\": false, \"model_max_length\": "
            + "1000000000000000019884624838656, "
        + "\"pad_token\": \"<|endoftext|>\", \"tokenizer_class\": \"GPT2TokenizerFast\", \"unk_token\": \"<|endoftext|>\"}")]
    [InlineData(Config, "{\"add_prefix_space\": false, \"backend\": \"tokenizers\", \"bos_token\": \"<|endoftext|>\", \"eos_token\": \"<|endoftext|>\", "
        + "\"errors\": \"replace\", \"is_local\": true, "
        + "\"model_max_length\": 1024, \"pad_token\": \"<pad>\", \"tokenizer_class\": \"TokenizersBackend\", \"unk_token\": \"<|endoftext|>\", "
            + "\"chat_template\": \"{{ x }}\"}")]
    [InlineData(Config, "\uFEFF{\"tokenizer_class\": null, \"eos_token\": null, \"next_years_switch\": false}")]
    [InlineData(Map, "{\"bos_token\": \"<|endoftext|>\", \"eos_token\": \"<|endoftext|>\", \"unk_token\": \"<|endoftext|>\"}")]
    [InlineData(Map, "{\"eos_token\": {\"content\": \"<|endoftext|>\", \"lstrip\": false}, \"additional_special_tokens\": [\"<|endoftext|>\"]}")]
    [InlineData(Added, "{\"<|endoftext|>\": 258}")]
    [InlineData(Added, "{}")]
    public void Load_WhatTransformersWriteForGpt2_ChangesNothing(string file, string json)
    {
        using var plain = new SmallBpe().Pair();
        using var folder = new SmallBpe().Pair().File(file, json);
        Assert.Equal(plain.Load().Hash, folder.Load().Hash);
        Assert.Equal(258, folder.Load().EndOfText);
    }

    [Theory]
    [InlineData(Config, "{\"tokenizer_class\": \"LlamaTokenizer\"}", "tokenizer_class is 'LlamaTokenizer'")]
    [InlineData(Config, "{\"tokenizer_class\": \"RobertaTokenizerFast\"}", "tokenizer_class is 'RobertaTokenizerFast'")]
    [InlineData(Config, "{\"tokenizer_class\": 3}", "tokenizer_class is 3, expected a string")]
    [InlineData(Config, "{\"add_bos_token\": true}", "add_bos_token = true")]
    [InlineData(Config, "{\"add_eos_token\": true}", "add_eos_token = true")]
    [InlineData(Config, "{\"do_lower_case\": true}", "do_lower_case = true")]
    [InlineData(Config, "{\"errors\": \"ignore\"}", "errors is 'ignore'")]
    [InlineData(Config, "{\"auto_map\": {\"AutoTokenizer\": [\"mine.Tokenizer\", null]}}", "'auto_map'")]
    [InlineData(Config, "{\"next_years_switch\": \"on\"}", "'next_years_switch' = \"on\"")]
    [InlineData(Config, "{\"next\\u001b[31m_switch\": 1}", "'next\\u001B[31m_switch' = 1")]
    [InlineData(Config, "{\"eos_token\": \"</s>\"}", "eos_token is '</s>', which the vocabulary lacks")]
    [InlineData(Config, "{\"eos_token\": 50256}", "eos_token is 50256, expected a token")]
    [InlineData(Config, "{\"eos_token\": {\"lstrip\": false}}", "expected a token")]
    [InlineData(Config, "{\"additional_special_tokens\": \"<x>\"}", "expected a list of tokens")]
    [InlineData(Config, "{\"additional_special_tokens\": [null]}", "expected a token")]
    [InlineData(Config, "{\"added_tokens_decoder\": {\"x\": {\"content\": \"<x>\", \"special\": true}}}", "'x' is no id")]
    [InlineData(Config, "{\"added_tokens_decoder\": {\"99999999999\": {\"content\": \"<x>\", \"special\": true}}}", "'99999999999' is no id")]
    [InlineData(Config, "{\"added_tokens_decoder\": {\"259\": null}}", "259 is null, expected an object")]
    [InlineData(Config, "{\"added_tokens_decoder\": {\"259\": {\"special\": true}}}", "content is missing")]
    [InlineData(Config, "{\"added_tokens_decoder\": {\"259\": {\"content\": \"<code>\", \"special\": false}}}", "'<code>' is not special")]
    [InlineData(Config, "{\"added_tokens_decoder\": {\"300\": {\"content\": \"<x>\", \"special\": true}}}", "ids 0 to 259, each once, but '<x>' has id 300")]
    [InlineData(Config, "{\"added_tokens_decoder\": {\"5\": {\"content\": \"<x>\", \"special\": true}}}", "ids 0 to 259, each once")]
    [InlineData(Config, "{\"add_prefix_space\": 1}", "add_prefix_space is 1, expected true or false")]
    [InlineData(Config, "[]", "expected a JSON object, found a list")]
    [InlineData(Config, "{\"a\": ", "line 1")]
    [InlineData(Map, "{\"next_years_token\": \"x\"}", "'next_years_token'")]
    [InlineData(Map, "null", "found null")]
    [InlineData(Added, "{\"<code>\": 259}", "'<code>' is not special")]
    [InlineData(Added, "{\"<|endoftext|>\": 7}", "the id 7, but 258")]
    [InlineData(Added, "{\"<|endoftext|>\": null}", "has the id null, expected a whole number")]
    [InlineData(Added, "{\"<|endoftext|>\": -1}", "has the id -1, expected a whole number")]
    [InlineData(Added, "{\"<|endoftext|>\": 1e99}", "has the id 1e99")]
    public void Load_WhatWouldChangeTheTokens_IsRefusedByName(string file, string json, string expected)
    {
        using var folder = new SmallBpe().Pair().File(file, json);
        string message = folder.Refused();
        Assert.Contains(file, expected.StartsWith("ids", StringComparison.Ordinal) ? file : message);
        Assert.Contains(expected, message);
    }

    [Fact]
    public void Load_AddPrefixSpace_PutsABlankBeforeATextAndHasAnotherHash()
    {
        using var plain = new SmallBpe().Pair();
        using var folder = new SmallBpe().Pair().File(Config, "{\"add_prefix_space\": true}");
        Assert.Equal([257], folder.Load().Encode("ab"));
        Assert.Equal([257, 257], folder.Load().Encode(" ab ab"));
        Assert.NotEqual(plain.Load().Hash, folder.Load().Hash);
        AssertSavesItself(folder.Load());
    }

    [Theory]
    [InlineData(Config)]
    [InlineData(Map)]
    public void Load_AnotherEndToken_IsTheEndOfText(string file)
    {
        using var folder = new SmallBpe().Pair([.. SmallBpe.Tokens, "</s>"]).File(file, "{\"eos_token\": \"</s>\"}");
        Assert.Equal(259, folder.Load().EndOfText);
        AssertSavesItself(folder.Load());
    }

    [Fact]
    public void Load_TwoEndTokens_IsRefusedWithBothFiles()
    {
        using var folder = new SmallBpe().Pair([.. SmallBpe.Tokens, "</s>"]).File(Config, "{\"eos_token\": \"</s>\"}").File(Map,
            "{\"eos_token\": \"<|endoftext|>\"}");
        string message = folder.Refused();
        Assert.Contains(Config, message);
        Assert.Contains(Map, message);
    }

    [Fact]
    public void Load_PaddingTokenBesideTheVocabulary_HasAnIdAndIsNeverReadOutOfAText()
    {
        using var folder = new SmallBpe().Pair().File(Added, "{\"PAD\": 259}").File(Map, "{\"pad_token\": \"PAD\"}");
        var tokenizer = folder.Load();
        Assert.Equal(260, tokenizer.VocabularySize);
        Assert.Equal("PAD", tokenizer.Decode([259]));
        Assert.Equal(3, tokenizer.Encode("PAD").Length);
        AssertSavesItself(tokenizer);
    }

    [Fact]
    public void Load_EndTokenInAddedTokensAlone_IsTheEndOfText()
    {
        using var folder = new SmallBpe().Pair(SmallBpe.Tokens[..^1]).File(Added, "{\"<|endoftext|>\": 258}");
        using var plain = new SmallBpe().Pair();
        Assert.Equal(258, folder.Load().EndOfText);
        Assert.Equal(plain.Load().Hash, folder.Load().Hash);
    }

    private static void AssertSavesItself(ITokenizer tokenizer)
    {
        using var copy = new SmallBpe();
        tokenizer.Save(copy.Path);
        var loaded = copy.Load();
        Assert.Equal((tokenizer.Hash, tokenizer.EndOfText, tokenizer.VocabularySize), (loaded.Hash, loaded.EndOfText, loaded.VocabularySize));
    }
}
