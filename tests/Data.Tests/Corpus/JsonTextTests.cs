using System.Text;

namespace LoraCollab.Data.Tests;

/// <summary>JSON as other programs write it: broken characters, other endings, arrays, nested fields.</summary>
public sealed class JsonTextTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("""{"text": "cut \ud83d", "label": "a"}""", "cut \uFFFD", "a")]
    [InlineData("""{"text": "\ude00 low", "label": "a"}""", "\uFFFD low", "a")]
    [InlineData("""{"text": "whole \ud83d\ude00", "label": "a"}""", "whole \U0001F600", "a")]
    [InlineData("""{"text": "x", "label": "\ud83d"}""", "x", "\uFFFD")]
    [InlineData("""{"text": "x", "label": "a", "\ud83d": 1}""", "x", "a")]
    public void Open_HalfASurrogatePair_BecomesAReplacementCharacter(string line, string text, string label)
    {
        var corpus = Corpora.Open(_folder.File("x.jsonl", line + "\n"));
        Assert.Equal([new(text, 0)], corpus.Documents);
        Assert.Equal([label], corpus.Categories);
        Assert.Equal(line.Contains("\\ude00\"") ? "" : "mended: 1 text with broken characters, which became U+FFFD (x.jsonl line 1)", corpus.Notes.ToString());
    }

    [Fact]
    public void Open_InvalidUtf8AndByteOrderMarks_AreMendedAndSkipped()
    {
        byte[] mark = [0xEF, 0xBB, 0xBF];
        var corpus = Corpora.Open(_folder.File("x.jsonl", [.. mark, .. "{\"text\": \"a"u8, 0xFF, 0xC3, .. "\"}\n"u8, .. mark, .. "{\"text\": \"b\"}\n"u8]));
        Assert.Equal(["a\uFFFD\uFFFD", "b"], corpus.Documents.Select(d => d.Text));
        Assert.Equal(1, corpus.Notes.Mended);
        string manifest = "{\"clients\": [{\"name\": \"a\", \"files\": [\"t.txt\"]}]}";
        foreach (var (name, text) in new[] { ("m.json", manifest), ("t.txt", "text\n"), ("t.csv", "1,a,b\n2,c,d\n3,e,f\n4,g,h\n") })
            _folder.File(name, [.. mark, .. Encoding.UTF8.GetBytes(text)]);
        Assert.Equal("text", Corpora.Open(_folder.At("m.json")).Documents[0].Text);
        Assert.Equal("text\n", Corpora.Open(_folder.At("t.txt")).Documents[0].Text);
        Assert.Equal("a b", Corpora.Open(_folder.At("t.csv")).Documents[0].Text);
    }

    [Theory]
    [InlineData("export.json", "")]
    [InlineData("export.json", "jsonl:")]
    [InlineData("export.data", "jsonl:")]
    [InlineData("EXPORT.JSONL", "")]
    public void Open_JsonLinesUnderAnyEnding_AreRead(string name, string prefix)
    {
        var corpus = Corpora.Open(prefix + _folder.File(name, "{\"text\": \"one\", \"label\": \"a\"}\n{\"text\": \"two\", \"label\": \"b\"}\n"));
        Assert.Equal([new("one", 0), new("two", 1)], corpus.Documents);
    }

    [Theory]
    [InlineData("[{\"text\": \"one\"}, {\"text\": \"two \\ud83d\"}]")]
    [InlineData("\uFEFF [\n  {\n    \"text\": \"one\"\n  },\n  {\"text\": \"two \\ud83d\"}\n]\n")]
    public void Open_JsonArray_IsItsRows(string json) =>
        Assert.Equal(["one", "two \uFFFD"], Corpora.Open(_folder.File("x.json", json)).Documents.Select(d => d.Text));

    [Theory]
    [InlineData("[{\"text\": \"a\"}, 5]", "row 2: expected a JSON object, found a number")]
    [InlineData("[{\"text\": \"a\"}, {\"text\": \"b\"}", "not one JSON array of objects")]
    [InlineData("[{\"text\": \"a\"}] x", "not one JSON array of objects")]
    [InlineData("[{\"text\": \"a\"}, {\"body\": \"b\"}]", "row 2: there is no field 'text'; the fields are body")]
    [InlineData("{\"text\": {\"en\": \"a\", \"fr\": \"b\"}}\n", "line 1: field 'text' must be text, found an object with text.en, text.fr")]
    [InlineData("{\"text\": \"a\"}\ntrue\n", "line 2: expected a JSON object, found true")]
    [InlineData("{\"body\": \"a\"}\n", "line 1: there is no field 'text'; the fields are body")]
    public void Open_OtherJson_IsRefusedWithItsPlace(string json, string expected)
    {
        string path = _folder.File("x.json", json);
        string message = Assert.Throws<UserException>(() => Corpora.Open("jsonl:" + path)).Message;
        Assert.StartsWith(path, message);
        Assert.Contains(expected, message);
        foreach (string type in new[] { "System.", "JsonElement", "LineNumber", "ValueKind" }) Assert.DoesNotContain(type, message);
    }

    [Theory]
    [InlineData("messages.0.content", "hello")]
    [InlineData("messages.1.content", "world")]
    [InlineData("meta.a.b", "dotted")]
    [InlineData("meta.c", "deep")]
    public void Open_NestedField_IsFoundByItsPath(string field, string text)
    {
        string path = _folder.File("x.jsonl", """{"messages": [{"role": "user", "content": "hello"}, {"content": "world"}],"""
            + """ "meta.a.b": "dotted", "meta": {"a": {"b": "path"}, "c": "deep"}}""" + "\n");
        var corpus = Corpora.Open(path, new() { TextField = field, CategoryField = "messages.0.role" });
        Assert.Equal([new(text, 0)], corpus.Documents);
        Assert.Equal(["user"], corpus.Categories);
        string message = Assert.Throws<UserException>(() => Corpora.Open(path, new() { TextField = "messages.2.content" })).Message;
        Assert.Contains("the fields are messages.0.role, messages.0.content, meta.a.b, meta.a.b, meta.c; name one of them as the text field", message);
    }

    [Fact]
    public void Open_JsonInFolders_IsReadWhereItHoldsText()
    {
        _folder.File("js/package.json", "{\"name\": \"x\"}\n");
        _folder.File("js/rows.json", "{\"text\": \"row\"}\n");
        _folder.File("js/a.js", "code");
        var corpus = Corpora.Open(_folder.Path);
        Assert.Equal(["code", "row"], corpus.Documents.Select(d => d.Text));
        Assert.Equal("left out: 1 file of a kind that is not read (js/package.json)", corpus.Notes.ToString());
        Assert.Equal(["row"], Corpora.Open("jsonl:" + _folder.At("js")).Documents.Select(d => d.Text));
    }

    [Fact]
    public void Open_RowsWithoutText_AreLeftOutAndSaid()
    {
        var corpus = Corpora.Open(_folder.File("x.jsonl", "{\"text\": \"\"}\n{\"text\": \"a\"}\n{\"text\": \" \"}\n"));
        Assert.Equal("left out: 2 rows without text (x.jsonl line 1, …)", corpus.Notes.ToString());
    }

    [Fact]
    public void Open_WikiBlocksWithoutEnd_NameTheLineInLinearTime()
    {
        _folder.File("de/wiki_00", string.Concat(Enumerable.Repeat("<doc a>\n", 300_000)));
        var clock = System.Diagnostics.Stopwatch.StartNew();
        string message = Assert.Throws<UserException>(() => Corpora.Open("folders:" + _folder.Path)).Message;
        Assert.Contains("wiki_00: line 1: the block that begins there is not ended", message);
        Assert.InRange(clock.Elapsed.TotalSeconds, 0, 10);
    }
}
