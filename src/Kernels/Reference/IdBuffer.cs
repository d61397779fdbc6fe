namespace LoraCollab.Kernels.Reference;

/// <summary>Token ids of the reference backend.</summary>
internal sealed class IdBuffer(string name, long length) : DeviceBuffer(name, length)
{
    public int[] Values { get; private set; } = new int[length];

    /// <summary>Lets the memory go; a view used afterwards fails its range check.</summary>
    protected override void Free() => Values = [];
}
