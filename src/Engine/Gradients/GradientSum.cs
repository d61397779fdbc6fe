namespace LoraCollab.Engine.Gradients;

/// <summary>The parameter gradients of M micro-batches: their mean, and for each tensor the sum of their squared norms.</summary>
internal sealed class GradientSum(FlatLayout layout, int batches)
{
    private readonly double[] _sum = new double[layout.Length];
    private readonly double[] _memory = new double[layout.Entries.Max(e => e.Length)];
    private readonly double[] _squares = new double[layout.Entries.Count];

    /// <summary>Adds the gradient of one micro-batch.</summary>
    public void Add(ComputeBackend lane, View gradient)
    {
        for (int t = 0; t < _squares.Length; t++)
        {
            var entry = layout.Entries[t];
            var values = _memory.AsSpan(0, (int)entry.Length);
            lane.Download(values, layout.Of(gradient, entry.Name));
            for (int i = 0; i < values.Length; i++) _sum[entry.Offset + i] += values[i];
            _squares[t] += Square(values);
        }
    }

    /// <summary>Writes (1/M)·Σ g_m as the gradient.</summary>
    public void SetMean(ComputeBackend lane, View gradient)
    {
        foreach (var entry in layout.Entries) lane.Write(layout.Of(gradient, entry.Name), Mean(entry));
    }

    /// <summary>Of the mean gradient of one tensor; rows are its first dimension.</summary>
    public GradientStatistics Of(string name)
    {
        var entry = layout[name];
        return GradientStatistics.Of(Mean(entry), entry.Shape.Length > 1 ? entry.Shape[^1] : 0);
    }

    /// <summary>√(max(0, ‖ḡ‖² − tr Σ/M) / tr Σ) with tr Σ = (Σ‖g_m‖² − M·‖ḡ‖²)/(M − 1).</summary>
    public double SignalToNoise(string name)
    {
        var entry = layout[name];
        double mean = Square(Mean(entry));
        double noise = Math.Max(0, (_squares[IndexOf(entry)] - batches * mean) / (batches - 1));
        return mean == 0 ? 0 : Math.Sqrt(Math.Max(0, mean - noise / batches) / noise);
    }

    private int IndexOf(FlatLayout.Entry entry)
    {
        for (int t = 0; ; t++)
            if (layout.Entries[t] == entry) return t;
    }

    private double[] Mean(FlatLayout.Entry entry)
    {
        double[] mean = new double[entry.Length];
        for (int i = 0; i < mean.Length; i++) mean[i] = _sum[entry.Offset + i] / batches;
        return mean;
    }

    private static double Square(ReadOnlySpan<double> values)
    {
        double sum = 0;
        foreach (double v in values) sum += v * v;
        return sum;
    }
}
