namespace LoraCollab.Kernels.Ilgpu;

/// <summary>Sixteen sums that one thread keeps in registers: four rows of four columns.</summary>
internal struct Tile4x4(Float4 row0, Float4 row1, Float4 row2, Float4 row3)
{
    public Float4 Row0 = row0, Row1 = row1, Row2 = row2, Row3 = row3;

    /// <summary>this + a·bᵀ, a the four rows' factors, b the four columns'.</summary>
    public readonly Tile4x4 Plus(Float4 a, Float4 b) => new(Row0.Plus(a.X, b), Row1.Plus(a.Y, b), Row2.Plus(a.Z, b), Row3.Plus(a.W, b));
}

/// <summary>Four floats that a compiler keeps in registers.</summary>
internal struct Float4(float x, float y, float z, float w)
{
    public float X = x, Y = y, Z = z, W = w;

    public readonly float this[int lane] => lane == 0 ? X : lane == 1 ? Y : lane == 2 ? Z : W;

    /// <summary>this + a·b.</summary>
    public readonly Float4 Plus(float a, Float4 b) => new(X + a * b.X, Y + a * b.Y, Z + a * b.Z, W + a * b.W);
}
