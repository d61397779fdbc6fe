namespace LoraCollab.Data.Tests;

public sealed class HfJsonTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("")]
    [InlineData("\uFEFF")]
    public void Read_MarkAndHalfASurrogatePair_AreRead(string mark) =>
        Assert.Equal("cut off \uFFFD", Read(mark + """{"text": "cut off \ud83d"}""").Text("text"));

    [Theory]
    [InlineData("[1]", "expected a JSON object, found a list")]
    [InlineData("null", "expected a JSON object, found null")]
    [InlineData("{\"a\": 1", "line 1")]
    [InlineData("", "not JSON")]
    public void Read_Others_AreNamed(string text, string expected)
    {
        string message = Assert.Throws<UserException>(() => Read(text)).Message;
        Assert.Contains("config.json: ", message);
        Assert.Contains(expected, message);
    }

    [Fact]
    public void Read_InvalidUtf8_IsNamed()
    {
        File.WriteAllBytes(_folder.At("config.json"), [.. "{\"a\": \""u8, 0xFF, .. "\"}"u8]);
        Assert.Contains("not UTF-8", Assert.Throws<UserException>(() => HfJson.Read(_folder.At("config.json"))).Message);
    }

    [Theory]
    [InlineData("null")]
    [InlineData("false")]
    [InlineData("\"\"")]
    [InlineData("[]")]
    [InlineData("{}")]
    public void RefuseOthers_AValueThatSaysNothing_Passes(string value) => Read($$"""{"known": 1, "of_next_year": {{value}}}""").RefuseOthers("known");

    [Theory]
    [InlineData("true")]
    [InlineData("0")]
    [InlineData("\"on\"")]
    [InlineData("[null]")]
    [InlineData("{\"a\": null}")]
    public void RefuseOthers_AValueOfUnknownEffect_IsRefusedByName(string value)
    {
        string message = Assert.Throws<UserException>(() => Read($$"""{"known": 1, "of_next_year": {{value}}}""").RefuseOthers("known")).Message;
        Assert.Contains($"config.json: the key 'of_next_year' = {value} is not known", message);
    }

    [Fact]
    public void Objects_InObjects_NameTheirPlace()
    {
        var list = Read("""{"model": {"parts": [{"a": 1}, {"a": "x"}]}}""").Object("model")!.Objects("parts").ToArray();
        Assert.Equal(1, list[0].Int("a"));
        Assert.Contains("config.json: model: parts[1]: a is \"x\", expected a whole number", Assert.Throws<UserException>(() => list[1].Int("a")).Message);
        Assert.Contains("parts is [null], expected a list of objects",
            Assert.Throws<UserException>(() => Read("""{"parts": [null]}""").Objects("parts")).Message);
    }

    private HfJson Read(string text)
    {
        _folder.File("config.json", text);
        return HfJson.Read(_folder.At("config.json"));
    }
}
