using System.Globalization;
using System.Text.RegularExpressions;

namespace LoraCollab.Cli.Tests;

/// <summary>A formula of the tutorial, such as <c>(y − t)²/2</c> or <c>x·Wᵀ</c>, over numbers and small matrices.</summary>
/// <remarks>
/// A matrix is written [1 2; 3 4], a row [1 2]. · multiplies numbers and matrices, ⊙ element by element, ᵀ transposes, ⁻¹ inverts 2 × 2, ² squares every
/// element, ‖M‖ is the root of the sum of squares. A number added to a matrix is added to each element.
/// </remarks>
internal sealed partial class PageFormula
{
    private static readonly Dictionary<string, Func<Grid, Grid>> Functions = new()
    {
        ["exp"] = m => m.Each(Math.Exp),
        ["ln"] = m => m.Each(Math.Log),
        ["√"] = m => m.Each(Math.Sqrt),
        ["tanh"] = m => m.Each(Math.Tanh),
        ["relu"] = m => m.Each(v => Math.Max(v, 0)),
        ["sum"] = m => m.Sum(),
        ["mean"] = m => m.Sum() * (1.0 / m.Count),
        ["softmax"] = m => m.Softmax(),
    };

    private readonly string[] words;

    public PageFormula(string text)
    {
        words = [.. Word().Matches(text).Select(m => m.Value)];
        string read = string.Concat(words), given = text.Replace(" ", "", StringComparison.Ordinal);
        if (read.Replace(" ", "", StringComparison.Ordinal) != given) throw new FormatException($"cannot read '{text}': understood '{read}'");
    }

    /// <summary>Whether it is a name and nothing else.</summary>
    public bool IsName => words.Length == 1 && IsNameWord(words[0]);

    /// <summary>Whether it says a result: a number or a matrix of numbers.</summary>
    public bool IsLiteral => words.All(w => char.IsDigit(w[0]) || w is "−" or "[" or "]" or ";");

    /// <exception cref="FormatException">The formula is not one.</exception>
    public Grid Value(Func<string, Grid> names) => new Reading(words, names).Value();

    private static Grid Number(string word) =>
        Grid.Of([[double.Parse(word, NumberStyles.AllowDecimalPoint | NumberStyles.AllowThousands, CultureInfo.InvariantCulture)]]);

    private static bool IsNameWord(string word) => word[0] == '∂' || char.IsLetter(word[0]);

    /// <summary>Numbers, derivatives ∂L/∂w, names with indices and primes, and signs.</summary>
    [GeneratedRegex(@"\d[\d,]*(\.\d+)?|∂[\p{L}\d₀-₉′-[ᵀ]]+/∂[\p{L}\d₀-₉′-[ᵀ]]+|⁻¹|[²³ᵀ]|[\p{L}-[ᵀ]][\p{L}\d₀-₉′-[ᵀ]]*|[−+·/⊙()‖;√]|\[|\]")]
    private static partial Regex Word();

    /// <summary>One way through the words, by recursive descent.</summary>
    private sealed class Reading(string[] words, Func<string, Grid> lookup)
    {
        private int at;

        public Grid Value()
        {
            var value = Sum();
            return at == words.Length ? value : throw new FormatException($"'{string.Concat(words)}': '{words[at]}' cannot stand there");
        }

        private Grid Sum()
        {
            var value = Product();
            while (Peek is "+" or "−")
                value = Take() == "+" ? value + Product() : value + (Product() * -1);
            return value;
        }

        private Grid Product()
        {
            var value = Signed();
            while (Peek is "·" or "/" or "⊙")
                value = Take() switch { "·" => value.Times(Signed()), "/" => value * Signed().Each(v => 1 / v), _ => value.Elementwise(Signed()) };
            return value;
        }

        private Grid Signed()
        {
            if (Peek != "−") return Powers();
            Take();
            return Signed() * -1;
        }

        private Grid Powers()
        {
            var value = Atom();
            while (Peek is "²" or "³" or "ᵀ" or "⁻¹")
                value = Take() switch { "²" => value.Each(v => v * v), "³" => value.Each(v => v * v * v), "ᵀ" => value.Transposed(), _ => value.Inverse() };
            return value;
        }

        private Grid Atom()
        {
            string word = Take();
            if (word == "(") return Closed(Sum(), ")");
            if (word == "‖") return Closed(Sum(), "‖").Elementwise().Sum().Each(Math.Sqrt);
            if (word == "[") return Matrix();
            if (char.IsDigit(word[0])) return Number(word);
            if (!Functions.TryGetValue(word, out var function)) return lookup(word);
            if (Peek != "(") return function(Atom());
            Take();
            return function(Closed(Sum(), ")"));
        }

        private Grid Matrix()
        {
            var rows = new List<double[]>();
            var row = new List<double>();
            while (Peek != "]")
            {
                if (Peek == ";")
                {
                    Take();
                    rows.Add([.. row]);
                    row.Clear();
                }
                else
                {
                    row.Add(Signed().Number);
                }
            }
            Take();
            return Grid.Of([.. rows, [.. row]]);
        }

        private Grid Closed(Grid value, string end) => Take() == end ? value : throw new FormatException($"'{string.Concat(words)}' lacks a '{end}'");

        private string Peek => at < words.Length ? words[at] : "";

        private string Take() => at < words.Length ? words[at++] : throw new FormatException($"'{string.Concat(words)}' ends early");
    }
}
