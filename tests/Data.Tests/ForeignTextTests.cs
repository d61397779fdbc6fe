namespace LoraCollab.Data.Tests;

public class ForeignTextTests
{
    [Theory]
    [InlineData("Ġthe", "'Ġthe'")]
    [InlineData("", "''")]
    [InlineData(null, "null")]
    [InlineData("日本 😀 é", "'日本 😀 é'")]
    [InlineData("a\u001B[31mred\u0007", "'a\\u001B[31mred\\u0007'")]
    [InlineData("two\nlines\tand\r\n", "'two\\nlines\\tand\\u000D\\n'")]
    [InlineData("\u202Etxt.exe\u2066\uFEFF\u200B", "'\\u202Etxt.exe\\u2066\\uFEFF\\u200B'")]
    [InlineData("\u2028\u2029\u0085\u009B", "'\\u2028\\u2029\\u0085\\u009B'")]
    [InlineData("\U000E0041", "'\\uE0041'")]
    public void Quoted_ForeignText_IsWhatATerminalShows(string? text, string expected) => Assert.Equal(expected, ForeignText.Quoted(text));

    [Fact]
    public void Quoted_HalvesOfPairs_AreEscaped() => Assert.Equal("'a😀b\\uDC00\\uD83D'", ForeignText.Quoted("a😀b\uDC00\uD83D"));

    [Theory]
    [InlineData(80, false)]
    [InlineData(81, true)]
    [InlineData(1_000_000, true)]
    public void Quoted_LongText_IsItsBeginning(int length, bool cut) =>
        Assert.Equal($"'{new string('x', 80)}{(cut ? "…" : "")}'", ForeignText.Quoted(new string('x', length)));

    [Fact]
    public void Quoted_PairAtTheCut_StaysWholeOrGoes() => Assert.Equal($"'{new string('x', 79)}…'", ForeignText.Quoted(new string('x', 79) + "😀😀"));

    [Fact]
    public void Message_OfAnyException_IsOneLineWithoutControls()
    {
        var error = new UserException("a\u001B]0;title\u0007.txt:\r\nline 1\u202E\uD800\n");
        Assert.Equal("a\\u001B]0;title\\u0007.txt: line 1\\u202E\\uD800", error.Message);
    }

    [Fact]
    public void Message_OverLong_KeepsTheFileAndTheAdvice()
    {
        string message = new UserException("file.json: key " + new string('k', 100_000) + " is not known; leave it out").Message;
        Assert.InRange(message.Length, 500, 610);
        Assert.StartsWith("file.json: key k", message);
        Assert.EndsWith("k is not known; leave it out", message);
    }
}
