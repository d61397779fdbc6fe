namespace LoraCollab.Report.Tests.Pages;

/// <summary>Names of other people on pages, in tables and on the terminal: they are read as the characters they are made of.</summary>
public sealed class PageTextTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("a|b", "a\\|b")]
    [InlineData("`rm`", "\\`rm\\`")]
    [InlineData("[text](http://x)", "\\[text\\](http:\\//x)")]
    [InlineData("<b>&amp;", "\\<b>\\&amp;")]
    [InlineData("# heading", "\\# heading")]
    [InlineData("two\nlines\r\n", "two lines ")]
    [InlineData("*bold* _it_ ~~no~~", "\\*bold\\* \\_it\\_ \\~\\~no\\~\\~")]
    [InlineData("a \\| b", "a \\\\\\| b")]
    [InlineData("2.104 * is fedavg_tokens, 3 < 4", "2.104 * is fedavg_tokens, 3 < 4")]
    public void Markdown_ForeignText_IsEscaped(string text, string expected) => Assert.Equal(expected, MarkdownText.Escape(text));

    [Theory]
    [InlineData("collab --data 'a`b'", "``collab --data 'a`b'``")]
    [InlineData("plain", "`plain`")]
    public void Markdown_CodeWithBackticks_StaysOnePiece(string code, string expected)
    {
        string page = MarkdownPage.Of([new PageBlock.Paragraph($"run `{Words.Plain(code)}`")]);
        Assert.Equal($"run {expected}\n", page.Replace("`` collab", "``collab").Replace("' ``", "'``"));
        Assert.Contains($"<code>{System.Net.WebUtility.HtmlEncode(code)}</code>", HtmlPage.Of([new PageBlock.Paragraph($"run `{Words.Plain(code)}`")], ""));
    }

    [Fact]
    public void Pages_NamesWithMarkup_StayText()
    {
        const string Name = "<script>alert(1)</script> | `x` [a](javascript:b)";
        PageBlock[] blocks = [new PageBlock.Heading(1, Name), new PageBlock.Table([Name], [[Name]]),
            new PageBlock.Paragraph(Words.Plain(Name)), new PageBlock.Links([(Name, "runs/a b#c", "")])];
        string html = HtmlPage.Of(blocks, ""), markdown = MarkdownPage.Of(blocks);
        Assert.DoesNotContain("<script", html, StringComparison.Ordinal);
        Assert.DoesNotContain("<code>", html, StringComparison.Ordinal);
        Assert.Contains("href=\"runs/a%20b%23c\"", html, StringComparison.Ordinal);
        Assert.DoesNotMatch(@"(?<!\\)[`|\[]", System.Text.RegularExpressions.Regex.Replace(markdown, @"^\| | \|$|\(runs.*|^\| --.*$|^- \[|\]\(runs.*", "",
            System.Text.RegularExpressions.RegexOptions.Multiline).Replace("| :-- |", "").Replace(":--", ""));
    }

    [Fact]
    public void Csv_NamesThatSpreadsheetsWouldCalculate_GetAnApostrophe()
    {
        string file = _folder.At("t.csv");
        string[] names = ["=1+1", "+cmd|'x'!A0", "-2+3", "@SUM(A1)", "\t=1", "\r=1", " =1", "=\"a,b\"", "-1.5", "1e-3", "ann", ""];
        Csv.Write(file, ["name", "number"], [.. names.Select(n => (IReadOnlyList<object?>)[n, -1.5])]);
        Assert.Equal("name,number\n'=1+1,-1.5\n'+cmd|'x'!A0,-1.5\n'-2+3,-1.5\n'@SUM(A1),-1.5\n\"'\t=1\",-1.5\n\"'\r=1\",-1.5\n' =1,-1.5\n"
            + "\"'=\"\"a,b\"\"\",-1.5\n"
            + "-1.5,-1.5\n1e-3,-1.5\nann,-1.5\n,-1.5\n", File.ReadAllText(file));
    }

    [Fact]
    public void Terminal_WhatTextHolds_IsShownAndNotObeyed()
    {
        const string Name = "a\u001b]0;x\u0007\u009b2J\u202Eb[red]c";
        const string Shown = "a\\u001B]0;x\\u0007\\u009B2J\\u202Eb[red]c";
        using var output = new StringWriter { NewLine = "\n" };
        var terminal = Terminal.Plain(output);
        terminal.Out.WriteLine(Name);
        terminal.MarkupLine(Spectre.Console.Markup.Escape(Name));
        Assert.Equal([Shown, Shown], output.ToString().Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(l => l.TrimEnd()));
        TrustHeatmap.Write(terminal, [new TrustHeatmap(Name, [[1.0]], [Name])]);
        Assert.DoesNotContain(output.ToString(), c => char.IsControl(c) && c != '\n' || c == '\u202E');
    }

    [Fact]
    public void Terminal_TextOfAModelInAPipe_IsAsItIs()
    {
        using var output = new StringWriter();
        Terminal.Plain(output).Text.Write("a\u001b[0m\r");
        Assert.Equal("a\u001b[0m\r", output.ToString());
    }
}
