namespace LoraCollab.Cli.Tests;

/// <summary>
/// The calculations of one chapter of the tutorial. A line <c>y = w·x + b = 0.5·2 + 0.1 = 1.1</c> names y by its first formula; every formula of the line
/// must have the value that stands at its end, to the digits shown. A name ∂L/∂w is also compared with the difference quotient of L, whatever formula the
/// page has for it.
/// </summary>
internal sealed class HandCalculation
{
    private const double Step = 1e-5;

    private readonly Dictionary<string, PageFormula> definitions = [];

    /// <summary>How many results were compared.</summary>
    public int Results { get; private set; }

    /// <summary>How many derivatives were compared with a difference quotient.</summary>
    public int Derivatives { get; private set; }

    /// <summary>Reads one line; what follows # is for the reader.</summary>
    /// <exception cref="FormatException">It cannot be read.</exception>
    public void Read(string line)
    {
        string[] parts = [.. line.Split('#')[0].Split('=').Select(p => p.Trim())];
        if (parts is [""]) return;
        if (parts.Length < 2) throw new FormatException($"'{line}' has no =");
        PageFormula[] formulas = [.. parts.Select(p => new PageFormula(p))];
        bool names = formulas[0].IsName && !definitions.ContainsKey(parts[0]);
        if (names) definitions.Add(parts[0], formulas[1]);
        if (!formulas[^1].IsLiteral) throw new FormatException($"'{line}' does not end with a result");
        var result = formulas[^1].Value(Value);
        foreach (var formula in formulas[..^1])
        {
            // A line whose formula holds rounded numbers may be off by one in the last digit, one in names may not.
            bool rounded = formula != formulas[names ? 1 : 0] && !formula.IsName;
            Compare(line, formula.Value(Value), result, Unit(parts[^1]) * (rounded ? 1.01 : 0.5001));
            Results++;
        }
        if (parts[0].StartsWith('∂')) CompareWithDifferences(line, parts[0], result, Unit(parts[^1]));
    }

    private Grid Value(string name) => Value(name, "", default);

    /// <summary>The value of a name where another one has a value of its own.</summary>
    private Grid Value(string name, string changed, Grid with)
    {
        if (name == changed) return with;
        if (!definitions.TryGetValue(name, out var formula)) throw new FormatException($"{name} is used before it is known");
        return formula.Value(n => Value(n, changed, with));
    }

    private void CompareWithDifferences(string line, string name, Grid shown, double unit)
    {
        string[] of = [.. name.Split('/').Select(p => p.TrimStart('∂'))];
        var at = Value(of[1]);
        Compare(line, Grid.Make(at.Rows, at.Columns, (r, c) => Difference(of[0], of[1], at, r, c)), shown, unit * 0.5001 + 1e-7);
        Derivatives++;
    }

    private double Difference(string loss, string name, Grid at, int r, int c) =>
        (Value(loss, name, at.Moved(r, c, Step)).Number - Value(loss, name, at.Moved(r, c, -Step)).Number) / (2 * Step);

    private static void Compare(string line, Grid found, Grid shown, double within)
    {
        Assert.True(found.Rows == shown.Rows && found.Columns == shown.Columns,
            $"'{line}': {found.Rows} × {found.Columns}, shown as {shown.Rows} × {shown.Columns}");
        for (int r = 0; r < shown.Rows; r++)
            for (int c = 0; c < shown.Columns; c++)
                Assert.True(Math.Abs(found[r, c] - shown[r, c]) <= within, $"'{line}': ({r + 1}, {c + 1}) is {found[r, c]:G9}, shown as {shown[r, c]}");
    }

    /// <summary>One in the last digit of the result's longest number; whole numbers are exact.</summary>
    private static double Unit(string result)
    {
        int decimals = result.Split(' ', ';', ']').Max(w => w.Contains('.') ? w.Length - w.IndexOf('.') - 1 : 0);
        return decimals == 0 ? 1e-6 : Math.Pow(10, -decimals);
    }
}
