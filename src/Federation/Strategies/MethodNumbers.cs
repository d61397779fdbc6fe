using System.Globalization;

namespace LoraCollab.Federation.Strategies;

/// <summary>The numbers of methods beside the six: key, default, and what it may be. A scheme's constructor says what each means.</summary>
public static class MethodNumbers
{
    /// <summary>More than anyone has; what counts clients may not be larger.</summary>
    private const int MostClients = 1_000_000;

    /// <summary>By key, SCHEME.NUMBER.</summary>
    public static IReadOnlyDictionary<string, MethodNumber> All { get; } = new Dictionary<string, MethodNumber>
    {
        ["fedprox.mu"] = new(0.01, 0),
        ["fedamp.alpha"] = new(1, 0, 1),
        ["fedamp.sigma"] = new(1, 1e-6),
        ["fedamp.pull"] = new(0.01, 0),
        ["fedamp_heur.self"] = new(0.5, 0, 1),
        ["fedamp_heur.sigma"] = new(5, 0),
        ["fedamp_heur.pull"] = new(0.01, 0),
        ["ifca.clusters"] = new(4, 1, MostClients, Whole: true),
        ["cobo.rho"] = new(0.001, 0),
        ["cobo.gamma"] = new(1, 0),
        ["ditto.lambda"] = new(0.01, 0),
        ["fedavgm.beta"] = new(0.2, 0, 0.999),
        ["fedavgm.rate"] = new(1, 0),
        ["fedadam.rate"] = new(0.01, 0),
        ["fedadam.beta1"] = new(0.9, 0, 0.999),
        ["fedadam.beta2"] = new(0.99, 0, 0.9999),
        ["fedadam.tau"] = new(1e-3, 1e-9),
        ["norm_clip.norm"] = new(0, 0),
        ["trimmed_mean.share"] = new(0.25, 0, 0.49),
        ["krum.byzantine"] = new(1, 0, MostClients, Whole: true),
        ["krum.keep"] = new(1, 1, MostClients, Whole: true),
    };

    /// <summary>Reads "fedprox.mu=0.1,ifca.clusters=2".</summary>
    /// <exception cref="UserException">An unknown key, a key twice, or a value out of its range.</exception>
    public static SortedDictionary<string, double> Parse(string text)
    {
        var numbers = new SortedDictionary<string, double>(StringComparer.Ordinal);
        foreach (string part in text.Split(','))
        {
            if (part.Split('=') is not [var key, var number] || !double.TryParse(number, NumberStyles.Float, CultureInfo.InvariantCulture, out double value))
                throw new UserException($"--method {text}: '{part}' is not KEY=NUMBER; keys are {string.Join(", ", All.Keys)}");
            if (!numbers.TryAdd(key, value)) throw new UserException($"--method {text}: {key} is given twice");
        }
        Check(numbers);
        return numbers;
    }

    /// <exception cref="UserException">An unknown key or a value out of its range.</exception>
    public static void Check(IReadOnlyDictionary<string, double> numbers)
    {
        foreach (var (key, value) in numbers)
        {
            if (!All.TryGetValue(key, out var number)) throw new UserException($"--method: '{key}' is not one of {string.Join(", ", All.Keys)}");
            if (!(value >= number.Least && value <= number.Most) || (number.Whole && value != Math.Floor(value)))
                throw new UserException(string.Create(CultureInfo.InvariantCulture,
                    $"--method {key}={value}: expected {(number.Whole ? "a whole number" : "a number")} {Range(number)}"));
        }
    }

    /// <exception cref="UserException">A number of a scheme that does not run: it would change nothing.</exception>
    public static void RequireSchemes(IReadOnlyDictionary<string, double> numbers, IReadOnlyList<string> schemes)
    {
        if (numbers.Keys.FirstOrDefault(key => !schemes.Contains(key.Split('.')[0])) is { } idle)
            throw new UserException($"--method {idle}: the scheme {idle.Split('.')[0]} is not among --schemes {string.Join(",", schemes)}; "
                + "add it, or leave its number out");
    }

    private static string Range(MethodNumber number) => number.Most == double.MaxValue
        ? string.Create(CultureInfo.InvariantCulture, $"of at least {number.Least}")
        : string.Create(CultureInfo.InvariantCulture, $"from {number.Least} to {number.Most}");
}
