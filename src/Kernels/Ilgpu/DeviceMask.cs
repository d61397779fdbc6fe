namespace LoraCollab.Kernels.Ilgpu;

/// <summary>A <see cref="DropoutMask"/> as kernels want it: everything computed that does not depend on the element.</summary>
internal readonly record struct DeviceMask(uint Threshold, float Scale, uint Step, uint Client, uint Site, uint Key0, uint Key1)
{
    public DeviceMask(DropoutMask mask)
        : this(mask.IsNone ? 0 : mask.Threshold, mask.IsNone ? 1 : mask.Scale, mask.Step, mask.Client, mask.Site, mask.Key0, mask.Key1)
    {
    }

    /// <summary>1/(1 − p) where element <paramref name="e"/> is kept, else 0.</summary>
    public float Factor(long e)
    {
        if (Threshold == 0) return Scale;
        var factors = Factors((uint)(e >> 2));
        uint lane = (uint)e & 3;
        return lane == 0 ? factors.X : lane == 1 ? factors.Y : lane == 2 ? factors.Z : factors.W;
    }

    /// <summary>The factors of the elements 4·block … 4·block + 3.</summary>
    public Float4 Factors(uint block)
    {
        if (Threshold == 0) return new Float4(Scale, Scale, Scale, Scale);
        var (x, y, z, w) = Philox.Words(block, Step, Client, Site, Key0, Key1);
        return new Float4(x < Threshold ? 0 : Scale, y < Threshold ? 0 : Scale, z < Threshold ? 0 : Scale, w < Threshold ? 0 : Scale);
    }
}
