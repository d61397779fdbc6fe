namespace LoraCollab.Data.Partition;

/// <summary>The share of every category in every client's text, as a distribution wants it: N rows of K numbers, each row summing to 1.</summary>
public static class CategoryShares
{
    /// <param name="distribution">how categories are spread</param>
    /// <param name="clients">N ≥ 1</param>
    /// <param name="categories">K ≥ 1</param>
    /// <param name="order">which client has which main category</param>
    /// <param name="seed">of the Dirichlet draws; the other distributions do not use it</param>
    /// <exception cref="UserException">the distribution is not defined for these numbers</exception>
    public static double[][] Of(Distribution distribution, int clients, int categories, ClientOrder order, ulong seed)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(clients, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(categories, 1);
        return [.. Enumerable.Range(0, clients).Select(i => Row(i, MainCategory(i, clients, categories, order)))];

        double[] Row(int client, int main) => distribution switch
        {
            _ when distribution == Distribution.Specific => Only(main, categories),
            _ when distribution == Distribution.Mixed => Mixed(main, categories, order),
            _ when distribution == Distribution.Uniform => [.. Enumerable.Repeat(1.0 / categories, categories)],
            _ when distribution == Distribution.MixedPaper => MixedPaper(client, categories),
            { Beta: { } beta } => Dirichlet(beta, categories, new CounterRandom(seed, RandomPurpose.DirichletShares, client)),
            _ => throw new ArgumentOutOfRangeException(nameof(distribution), distribution.Name),
        };
    }

    /// <summary>
    /// The category that a client has most of, or that its group is named after. With fewer clients than categories, client i has category i.
    /// </summary>
    public static int MainCategory(int client, int clients, int categories, ClientOrder order) => order == ClientOrder.Turns
        ? client % categories
        : clients < categories ? client : (int)((long)client * categories / clients);

    private static double[] Only(int category, int categories)
    {
        var row = new double[categories];
        row[category] = 1;
        return row;
    }

    private static double[] Mixed(int main, int categories, ClientOrder order)
    {
        if (categories == 1) return [1];
        var row = new double[categories];
        if (order == ClientOrder.Neighbours && categories % 2 == 0)
        {
            // Categories in pairs, the larger share from the other one of the pair: AG News' split, [1,3,0,0] [3,1,0,0] [0,0,1,3] [0,0,3,1].
            row[main] = 0.25;
            row[main ^ 1] = 0.75;
        }
        else
        {
            // A ring: Multi-Wiki [3,1,0] [0,3,1] [1,0,3], Codes-Wiki [3,1] [1,3].
            row[main] = 0.75;
            row[(main + 1) % categories] = 0.25;
        }
        return row;
    }

    private static double[] MixedPaper(int client, int categories)
    {
        const int LastKnownClient = 18;
        return categories switch
        {
            2 => [0.75, 0.25],
            3 when client <= LastKnownClient => Only(client % 3, 3),
            3 => throw new UserException(
                $"mixed-paper is known for clients 0 to {LastKnownClient} of three categories; "
                + $"use at most {LastKnownClient + 1} clients, or mixed"),
            _ => throw new UserException($"mixed-paper exists for the paper's data of two or three categories, and this data has {categories}; use mixed"),
        };
    }

    private static double[] Dirichlet(double beta, int categories, CounterRandom random)
    {
        // In logarithms: with a small β every gamma variate may underflow.
        double[] logs = [.. Enumerable.Range(0, categories).Select(c => LogGamma(beta, random.At(c)))];
        double top = logs.Max();
        double[] weights = [.. logs.Select(l => Math.Exp(l - top))];
        double sum = weights.Sum();
        return [.. weights.Select(w => w / sum)];
    }

    /// <summary>The logarithm of a Gamma(shape, 1) variate (Marsaglia, Tsang, "A simple method for generating gamma variables", 2000).</summary>
    private static double LogGamma(double shape, CounterRandom random)
    {
        // Gamma(a) = Gamma(a + 1)·U^(1/a).
        if (shape < 1) return LogGamma(shape + 1, random) + Math.Log(1 - random.Unit(-1)) / shape;
        double d = shape - 1.0 / 3, c = 1 / Math.Sqrt(9 * d);
        for (long n = 0; ; n++)
        {
            double radius = Math.Sqrt(-2 * Math.Log(1 - random.Unit(3 * n))), x = radius * Math.Cos(2 * Math.PI * random.Unit(3 * n + 1));
            double v = 1 + c * x;
            if (v <= 0) continue;
            v = v * v * v;
            if (Math.Log(1 - random.Unit(3 * n + 2)) < 0.5 * x * x + d - d * v + d * Math.Log(v)) return Math.Log(d * v);
        }
    }
}

internal static class Apportionment
{
    /// <summary>Splits a whole number in the given proportions: the fractions left over go to the largest of them, of equal ones to the first.</summary>
    public static int[] Of(int total, double[] proportions)
    {
        double sum = proportions.Sum();
        double[] exact = [.. proportions.Select(p => total * p / sum)];
        int[] parts = [.. exact.Select(e => (int)Math.Floor(e))];
        foreach (int p in Enumerable.Range(0, parts.Length).OrderByDescending(p => exact[p] - parts[p]).Take(total - parts.Sum())) parts[p]++;
        return parts;
    }
}
