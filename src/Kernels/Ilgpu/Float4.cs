namespace LoraCollab.Kernels.Ilgpu;

/// <summary>Four floats that a compiler keeps in registers.</summary>
internal struct Float4(float x, float y, float z, float w)
{
    public float X = x, Y = y, Z = z, W = w;

    public readonly float this[int lane] => lane == 0 ? X : lane == 1 ? Y : lane == 2 ? Z : W;

    /// <summary>this + a·b.</summary>
    public readonly Float4 Plus(float a, Float4 b) => new(X + a * b.X, Y + a * b.Y, Z + a * b.Z, W + a * b.W);
}
