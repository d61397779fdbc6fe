using System.Numerics.Tensors;
using System.Runtime.Intrinsics;

namespace LoraCollab.Kernels.Host;

/// <summary>
/// A and Bᵀ as rows of r, filled up with zeros to whole groups of four ranks and whole vectors of columns, or their gradients in the same form.
/// </summary>
internal readonly unsafe struct LoraFactorRows(LoraShape shape)
{
    private readonly nint _rank = shape.Rank, _ic = shape.IC, _oc = shape.OC;

    /// <summary>r in whole groups of four.</summary>
    public readonly nint Ranks = (shape.Rank + 3) & ~3;

    /// <summary>Elements from one row of A, or of Bᵀ, to the next: an odd number of cache lines, so that rows do not fall on each other's places.</summary>
    public readonly nint StrideA = (shape.IC + 15) / 16 * 16 | 16, StrideB = (shape.OC + 15) / 16 * 16 | 16;

    /// <summary>A: element (k, i) at k·StrideA + i.</summary>
    public float* A { get; private init; }

    /// <summary>Bᵀ: element (k, o) at k·StrideB + o.</summary>
    public float* B => A + Ranks * StrideA;

    /// <summary>Elements of both.</summary>
    public nint Size => Ranks * (StrideA + StrideB);

    /// <summary>The same form in other memory.</summary>
    public LoraFactorRows At(float* memory) => this with { A = memory };

    /// <summary>Copies A [r, IC] and B [OC, r] here.</summary>
    public void Fill(float* a, float* b)
    {
        new Span<float>(A, (int)Size).Clear();
        for (nint k = 0; k < _rank; k++) new ReadOnlySpan<float>(a + k * _ic, (int)_ic).CopyTo(new(A + k * StrideA, (int)_ic));
        Transpose.Rows(B, StrideB, b, _rank, _oc, _rank);
    }

    /// <summary>What <see cref="Ranks4"/> reads of u [rows, r]: per group of ranks four rows of four, times <paramref name="factor"/>.</summary>
    public void Spread(float* spread, float* u, nint rows, float factor)
    {
        for (nint k = 0; k < Ranks; k++)
            for (nint r = 0; r < 4; r++)
                spread[(k & ~3) * 4 + r * 4 + (k & 3)] = k < _rank && r < rows ? factor * u[r * _rank + k] : 0;
    }

    /// <summary>Finishes the dot products of <see cref="Ranks4.Dot"/>: u[rows, r] = factor·Σ, and spread = <paramref name="spreadFactor"/>·u.</summary>
    public void Sums(float* u, float* spread, float* sums, nint rows, float factor, float spreadFactor)
    {
        for (nint k = 0; k < _rank; k++)
            for (nint r = 0; r < rows; r++)
                u[r * _rank + k] = factor * VectorMath.Sum(Vector512.Load(sums + (k * 4 + r) * 16));
        Spread(spread, u, rows, spreadFactor);
    }

    /// <summary>dA [r, IC] and dB [OC, r] += the sums of all chains, in their order; what lies here is lost.</summary>
    public void AddGradients(float* da, float* db, float* chains, nint count)
    {
        for (nint c = 1; c < count; c++)
            for (nint i = 0; i < Size; i += 16) (Vector512.Load(chains + i) + Vector512.Load(chains + c * Size + i)).Store(chains + i);
        var sum = At(chains);
        for (nint k = 0; k < _rank; k++) Add(da + k * _ic, sum.A + k * StrideA, _ic);
        Transpose.Rows(A, _rank, sum.B, StrideB, _rank, _oc);
        Add(db, A, _oc * _rank);
    }

    private static void Add(float* to, float* values, nint count) =>
        TensorPrimitives.Add(new ReadOnlySpan<float>(to, (int)count), new ReadOnlySpan<float>(values, (int)count), new Span<float>(to, (int)count));
}
