namespace LoraCollab.Kernels.Reference;

/// <summary>Real numbers of the reference backend: float64.</summary>
internal sealed class RealBuffer(string name, long length) : DeviceBuffer(name, length)
{
    public double[] Values { get; private set; } = new double[length];

    /// <summary>Lets the memory go; a view used afterwards fails its range check.</summary>
    protected override void Free() => Values = [];
}

/// <summary>Token ids of the reference backend.</summary>
internal sealed class IdBuffer(string name, long length) : DeviceBuffer(name, length)
{
    public int[] Values { get; private set; } = new int[length];

    /// <summary>Lets the memory go; a view used afterwards fails its range check.</summary>
    protected override void Free() => Values = [];
}
