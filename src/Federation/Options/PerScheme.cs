using System.Globalization;

namespace LoraCollab.Federation.Options;

/// <summary>A number for each of the three schemes that score clients, such as the temperature: their scores have different scales.</summary>
public sealed record PerScheme : IOverlay
{
    public double? Weights { get; init; }

    public double? Validation { get; init; }

    public double? Prediction { get; init; }

    /// <summary>The number of one scheme; null for the others and where none was given.</summary>
    public double? Of(string scheme) => scheme switch
    {
        "weights" => Weights,
        "validation" => Validation,
        "prediction" => Prediction,
        _ => null,
    };

    /// <summary>Reads one number for all three, or weights=X,validation=Y,prediction=Z with at least one of them.</summary>
    /// <param name="option">The option a message names.</param>
    /// <param name="text">What the user gave.</param>
    /// <exception cref="OptionException">Not a finite number, another scheme, or a scheme twice.</exception>
    public static PerScheme Parse(string option, string text)
    {
        if (!text.Contains('='))
        {
            double all = Number(option, text, text);
            return new PerScheme { Weights = all, Validation = all, Prediction = all };
        }
        var numbers = new PerScheme();
        foreach (string part in text.Split(','))
        {
            if (part.Split('=') is not [var scheme, var number]) throw new OptionException(option, text, $"'{part}' is not SCHEME=X; expected X, or weights=X,validation=Y,prediction=Z");
            if (numbers.Of(scheme) is not null) throw new OptionException(option, text, $"{scheme} is given twice; give one number for each scheme");
            double value = Number(option, text, number);
            numbers = scheme switch
            {
                "weights" => numbers with { Weights = value },
                "validation" => numbers with { Validation = value },
                "prediction" => numbers with { Prediction = value },
                _ => throw new OptionException(option, text, $"'{scheme}' is not one of weights, validation, prediction"),
            };
        }
        return numbers;
    }

    public object Over(object? standing) => standing is not PerScheme other ? this
        : new PerScheme { Weights = Weights ?? other.Weights, Validation = Validation ?? other.Validation, Prediction = Prediction ?? other.Prediction };

    private static double Number(string option, string text, string number) =>
        double.TryParse(number, NumberStyles.Float, CultureInfo.InvariantCulture, out double value) && double.IsFinite(value) ? value
            : throw new OptionException(option, text, $"'{number}' is not a number; expected X, or weights=X,validation=Y,prediction=Z");
}
