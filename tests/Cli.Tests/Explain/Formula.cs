using System.Globalization;

namespace LoraCollab.Cli.Tests;

/// <summary>A cost as docs/kernels.md writes it: whole numbers, names of sizes, + · and brackets.</summary>
internal sealed class Formula
{
    private readonly IReadOnlyDictionary<string, long> _sizes;
    private readonly string _text;
    private int _at;

    private Formula(string text, IReadOnlyDictionary<string, long> sizes) => (_text, _sizes) = (text.Replace(" ", ""), sizes);

    public static long Evaluate(string text, IReadOnlyDictionary<string, long> sizes)
    {
        var formula = new Formula(text, sizes);
        long value = formula.Sum();
        Assert.True(formula._at == formula._text.Length, $"'{text}' could not be read at {formula._text[formula._at..]}");
        return value;
    }

    private long Sum()
    {
        long value = Product();
        while (Take('+')) value += Product();
        return value;
    }

    private long Product()
    {
        long value = Factor();
        while (Take('·')) value *= Factor();
        return value;
    }

    private long Factor()
    {
        if (Take('('))
        {
            long value = Sum();
            Assert.True(Take(')'), $"a bracket is open in '{_text}'");
            return value;
        }
        int from = _at;
        while (_at < _text.Length && char.IsLetterOrDigit(_text[_at])) _at++;
        string word = _text[from.._at];
        if (long.TryParse(word, NumberStyles.None, CultureInfo.InvariantCulture, out long number)) return number;
        Assert.True(_sizes.ContainsKey(word), $"'{word}' in '{_text}' is no size");
        return _sizes[word];
    }

    private bool Take(char symbol)
    {
        if (_at == _text.Length || _text[_at] != symbol) return false;
        _at++;
        return true;
    }
}
