namespace LoraCollab.Kernels.GradientChecks;

/// <summary>Which elements of a gradient are differenced: a difference quotient costs passes, and most elements of a large tensor say the same.</summary>
public static class ElementSample
{
    /// <summary>
    /// All elements where there are no more than <paramref name="count"/>; else, to a third each, those on which both computations differ most, the largest,
    /// and others drawn by <paramref name="seed"/>. Ascending.
    /// </summary>
    public static int[] Of(double[] found, double[] exact, int count, ulong seed)
    {
        int n = exact.Length;
        if (n <= count) return [.. Enumerable.Range(0, n)];
        var chosen = new HashSet<int>();
        chosen.UnionWith(Largest((count + 2) / 3, i => double.IsNaN(found[i]) ? double.PositiveInfinity : Math.Abs(found[i] - exact[i])));
        chosen.UnionWith(Largest(Math.Min((count + 2) / 3, count - chosen.Count), i => Math.Abs(exact[i])));
        for (uint draw = 0; chosen.Count < count; draw++)
            chosen.Add((int)(Philox.Words(draw, 0, 0, 0, (uint)seed, (uint)(seed >> 32)).X0 % (uint)n));
        return [.. chosen.Order()];

        IEnumerable<int> Largest(int most, Func<int, double> size) => Enumerable.Range(0, n).OrderByDescending(size).Take(most);
    }
}
