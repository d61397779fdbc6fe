namespace LoraCollab.Federation.Runs;

/// <summary>A place in a file of a run folder, for what contradicts itself there.</summary>
/// <param name="File">The file.</param>
/// <param name="Line">The line, from 1; null: the whole file.</param>
internal readonly record struct RunPlace(string File, int? Line = null)
{
    /// <exception cref="UserException">It does not hold: the message is the place and <paramref name="found"/>.</exception>
    public void Require(bool holds, FormattableString found)
    {
        if (holds) return;
        throw new UserException($"{this}: {FormattableString.Invariant(found)}; the file is damaged or was changed") { Remedy = Remedy.BeginAnew };
    }

    /// <summary>A finite number within bounds, or where there is no upper bound an infinite one: perplexity is exp(loss).</summary>
    public void Number(string key, double value, double least, double most = double.PositiveInfinity) =>
        Require(value >= least && value <= most, $"{key} is {value}");

    /// <summary>A finite number.</summary>
    public void Finite(string key, double value) => Require(double.IsFinite(value), $"{key} is {value}");

    /// <summary>Wall time that can be shown.</summary>
    public void Seconds(double value) => Number("seconds", value, 0, 1e10);

    public void Count(string key, int found, int expected, string of = "clients") =>
        Require(found == expected, $"{key} has {found} {of}, expected {expected}");

    /// <summary>Numbers of some of N clients, each once.</summary>
    /// <param name="most">How many there can be.</param>
    public void Clients(string key, IEnumerable<int>? clients, int n, int most = int.MaxValue)
    {
        int[] all = [.. clients ?? []];
        foreach (int client in all) Require(client >= 0 && client < n, $"{key}: client {client} is not one of 0 to {n - 1}");
        Require(all.Length <= most && all.Distinct().Count() == all.Length, $"{key}: {all.Length} of {n} clients, or one of them twice");
    }

    /// <summary>[N][N], with any numbers.</summary>
    public void Square(string key, double[][]? matrix, int n)
    {
        if (matrix is null) return;
        Count(key, matrix.Length, n, "rows");
        for (int i = 0; i < n; i++) Count($"row {i} of {key}", matrix[i].Length, n, "numbers");
    }

    /// <summary>W: [N][N].</summary>
    public void Weights(string key, double[][] matrix, int n, bool sumsToOne)
    {
        Square(key, matrix, n);
        Require(TrustMatrix.Fault(matrix, sumsToOne) is not { } fault, $"{key}: {TrustMatrix.Fault(matrix, sumsToOne)}");
    }

    /// <summary>A scheme that is known here and ran.</summary>
    public void Scheme(string name, IEnumerable<string> ran)
    {
        Require(StrategyRegistry.Names.Contains(name), $"{ForeignText.Quoted(name)} is no scheme of this program, or one of another version");
        Require(ran.Contains(name), $"scheme {name} is not among those that config.json and summary.json name");
    }

    public override string ToString() => Line is null ? File : $"{File}: line {Line}";
}
