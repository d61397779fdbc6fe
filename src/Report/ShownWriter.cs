using System.Globalization;
using System.Text;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace LoraCollab.Report;

/// <summary>
/// Writes text so that a terminal shows all of it and obeys none: controls but line ends and tabs, and marks that turn the direction of writing, become
/// \uXXXX. In a string of JSON that means the same character, so JSON passes through unharmed.
/// </summary>
internal sealed class ShownWriter(TextWriter output) : TextWriter(CultureInfo.InvariantCulture)
{
    public override Encoding Encoding => output.Encoding;

    public override void Write(char value) => output.Write(Shown(value.ToString()));

    public override void Write(string? value) => output.Write(Shown(value ?? ""));

    public override void Write(char[] buffer, int index, int count) => output.Write(Shown(new string(buffer, index, count)));

    public override void Write(ReadOnlySpan<char> buffer) => output.Write(Shown(buffer.ToString()));

    public override void WriteLine(string? value) => output.WriteLine(Shown(value ?? ""));

    public override void WriteLine() => output.WriteLine();

    public override void Flush() => output.Flush();

    /// <summary>The text itself where there is nothing to replace.</summary>
    public static string Shown(string text)
    {
        if (!text.Any(IsObeyed)) return text;
        var shown = new StringBuilder(text.Length + 16);
        for (int i = 0; i < text.Length; i++)
        {
            bool lineEnd = text[i] == '\r' && i + 1 < text.Length && text[i + 1] == '\n';
            if (IsObeyed(text[i]) && !lineEnd) shown.Append(CultureInfo.InvariantCulture, $"\\u{(int)text[i]:X4}");
            else shown.Append(text[i]);
        }
        return shown.ToString();
    }

    private static bool IsObeyed(char c) =>
        (char.IsControl(c) && c is not ('\n' or '\t'))
        || c is '\u061C' or '\u200E' or '\u200F' or (>= '\u202A' and <= '\u202E') or (>= '\u2066' and <= '\u2069');
}

/// <summary>
/// Does for tables and progress what <see cref="ShownWriter"/> does for lines: the colours around text are ours, what the text holds may not be.
/// </summary>
internal sealed class ShownHook : IRenderHook
{
    public IEnumerable<IRenderable> Process(RenderOptions options, IEnumerable<IRenderable> renderables) => renderables.Select(r => new Shown(r));

    private sealed class Shown(IRenderable inner) : IRenderable
    {
        public Measurement Measure(RenderOptions options, int maxWidth) => inner.Measure(options, maxWidth);

        public IEnumerable<Segment> Render(RenderOptions options, int maxWidth) => inner.Render(options, maxWidth).Select(segment =>
            segment.IsControlCode || segment.IsLineBreak || ShownWriter.Shown(segment.Text) is var text && text == segment.Text
                ? segment : new Segment(text, segment.Style));
    }
}
