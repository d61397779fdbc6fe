using System.Globalization;
using System.Text;

namespace LoraCollab.Data.Tokenization;

/// <summary>
/// Cuts text into the words that byte pairs are merged within, as GPT-2's pattern does:
/// <c>'s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+</c>.
/// A hand-written scan, because .NET's regular expressions see UTF-16 units: letters and digits beyond U+FFFF would not be letters and digits there.
/// </summary>
internal ref struct Gpt2Splitter(ReadOnlySpan<char> text)
{
    private readonly ReadOnlySpan<char> _text = text;
    private int _start;
    private int _end;

    private enum Kind : byte { End, Space, Letter, Number, Other }

    public readonly ReadOnlySpan<char> Current => _text[_start.._end];

    public readonly Gpt2Splitter GetEnumerator() => this;

    public bool MoveNext()
    {
        _start = _end;
        if (_start == _text.Length) return false;
        int contraction = ContractionLength(_text[_start..]);
        _end = contraction > 0 ? _start + contraction : WordEnd(_start);
        return true;
    }

    private readonly int WordEnd(int start)
    {
        // " ?" takes one blank (U+0020 alone) into the word that follows it.
        int body = _text[start] == ' ' && KindAt(start + 1, out _) > Kind.Space ? start + 1 : start;
        Kind kind = KindAt(body, out int length);
        int end = body + length, last = body;
        while (end < _text.Length && KindAt(end, out length) == kind) (last, end) = (end, end + length);
        // \s+(?!\S): white space before a word leaves its last character to that word, unless it is the only one (\s+).
        return kind == Kind.Space && end < _text.Length && last > start ? last : end;
    }

    private readonly Kind KindAt(int index, out int length)
    {
        length = 1;
        if (index >= _text.Length) return Kind.End;
        char c = _text[index];
        if (char.IsAscii(c))
            return char.IsAsciiLetter(c) ? Kind.Letter : char.IsAsciiDigit(c) ? Kind.Number : c is ' ' or (>= '\t' and <= '\r') ? Kind.Space : Kind.Other;
        if (Rune.DecodeFromUtf16(_text[index..], out Rune rune, out length) != System.Buffers.OperationStatus.Done) return Kind.Other;
        return Rune.GetUnicodeCategory(rune) switch
        {
            <= UnicodeCategory.OtherLetter => Kind.Letter,
            UnicodeCategory.DecimalDigitNumber or UnicodeCategory.LetterNumber or UnicodeCategory.OtherNumber => Kind.Number,
            _ => Rune.IsWhiteSpace(rune) ? Kind.Space : Kind.Other,
        };
    }

    private static int ContractionLength(ReadOnlySpan<char> text)
    {
        if (text.Length < 2 || text[0] != '\'') return 0;
        if (text[1] is 's' or 't' or 'm' or 'd') return 2;
        return text.Length > 2 && text[1..3] is "re" or "ve" or "ll" ? 3 : 0;
    }
}
