using System.Globalization;

namespace LoraCollab.Data.Partition;

/// <summary>How categories are spread over clients: one of <see cref="Names"/>, as written on the command line.</summary>
public sealed record Distribution
{
    private const string DirichletPrefix = "dirichlet:";

    private Distribution(string name) => Name = name;

    /// <summary>One category per client.</summary>
    public static Distribution Specific { get; } = new("specific");

    /// <summary>Three quarters of one category, one quarter of a neighbour's.</summary>
    public static Distribution Mixed { get; } = new("mixed");

    /// <summary>The same share of every category for every client: no client has a reason to prefer another.</summary>
    public static Distribution Uniform { get; } = new("uniform");

    /// <summary>
    /// What the paper's code did under the name of "mixed": of two categories every client has 3/4 of the first (there: Wikipedia) and 1/4 of the second; of
    /// three, one.
    /// </summary>
    public static Distribution MixedPaper { get; } = new("mixed-paper");

    /// <summary>Shares drawn from a symmetric Dirichlet distribution: the smaller β, the fewer categories a client has.</summary>
    public static Distribution Dirichlet(double beta) => double.IsFinite(beta) && beta > 0
        ? new(DirichletPrefix + beta.ToString("R", CultureInfo.InvariantCulture)) { Beta = beta }
        : throw new UserException($"dirichlet:BETA needs a number above 0, found {beta.ToString(CultureInfo.InvariantCulture)}");

    public static IReadOnlyList<string> Names { get; } = ["specific", "mixed", "uniform", "mixed-paper", "dirichlet:BETA"];

    public string Name { get; }

    /// <summary>β of a Dirichlet distribution, else null.</summary>
    public double? Beta { get; private init; }

    /// <summary>As <see cref="Parse(string)"/>, of an option.</summary>
    public static Distribution Parse(string option, string text) => Parse(text);

    /// <exception cref="UserException">no such distribution</exception>
    public static Distribution Parse(string text)
    {
        foreach (Distribution named in new[] { Specific, Mixed, Uniform, MixedPaper })
            if (named.Name == text)
                return named;
        if (text.StartsWith(DirichletPrefix, StringComparison.Ordinal))
            return double.TryParse(
                text.AsSpan(DirichletPrefix.Length), NumberStyles.AllowDecimalPoint | NumberStyles.AllowExponent,
                CultureInfo.InvariantCulture, out double beta)
                ? Dirichlet(beta)
                : throw new UserException($"distribution {text}: after dirichlet: a number such as 0.5 is expected");
        throw new UserException($"there is no distribution '{text}'; choose one of {string.Join(", ", Names)}");
    }

    public override string ToString() => Name;
}
