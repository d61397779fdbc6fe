using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace LoraCollab.Kernels.Host;

public sealed unsafe partial class HostBackend
{
    /// <summary>A function of two numbers, 16 at a time.</summary>
    private interface IElementwise
    {
        Vector512<float> Of(Vector512<float> first, Vector512<float> second);
    }

    /// <summary>target[i] = f(first[i], second[i]).</summary>
    private struct ElementwiseJob<TFunction> : IHostJob where TFunction : unmanaged, IElementwise
    {
        public float* Target, First, Second;
        public nint Count;
        public TFunction Function;

        public readonly void Run(int part, int parts, float* scratch)
        {
            var (from, to) = Partition.Of(Count, 1024, part, parts);
            nint i = from;
            for (; i + 16 <= to; i += 16) Function.Of(Vector512.Load(First + i), Vector512.Load(Second + i)).Store(Target + i);
            if (i < to) VectorMath.StoreTail(Function.Of(VectorMath.LoadTail(First + i, to - i), VectorMath.LoadTail(Second + i, to - i)), Target + i, to - i);
        }
    }

    private void Map<TFunction>(View target, View first, View second, TFunction function, int instructions) where TFunction : unmanaged, IElementwise
    {
        var job = new ElementwiseJob<TFunction>
        {
            Target = Reals(target),
            First = Reals(first),
            Second = Reals(second),
            Count = (nint)target.Length,
            Function = function,
        };
        Run(ref job, target.Length * instructions / 16, target.Length / 1024 + 1);
    }

    private readonly struct SecondOnly : IElementwise
    {
        public Vector512<float> Of(Vector512<float> first, Vector512<float> second) => second;
    }

    private readonly struct Constant(float value) : IElementwise
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public Vector512<float> Of(Vector512<float> first, Vector512<float> second) => Vector512.Create(value);
    }

    private readonly struct Sum(float factor) : IElementwise
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public Vector512<float> Of(Vector512<float> first, Vector512<float> second) => Vector512.FusedMultiplyAdd(second, Vector512.Create(factor), first);
    }

    private readonly struct Multiple(float factor) : IElementwise
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public Vector512<float> Of(Vector512<float> first, Vector512<float> second) => first * Vector512.Create(factor);
    }

    protected override void FillCore(View y, float value) => Map(y, y, y, new Constant(value), 4);

    protected override void CopyCore(View y, View x) => Map(y, x, x, new SecondOnly(), 4);

    protected override void AddScaledCore(View y, View x, float factor) => Map(y, y, x, new Sum(factor), 4);

    protected override void ScaleCore(View y, float factor) => Map(y, y, y, new Multiple(factor), 4);

    /// <summary>Elements whose squares are summed in float32 before double takes over.</summary>
    private const int NormBlock = 4096;

    protected override void SquaredNormCore(View result, View x)
    {
        long blocks = (x.Length + NormBlock - 1) / NormBlock;
        float* sums = Workspace(blocks);
        var job = new SquaredNormJob { Sums = sums, X = Reals(x), Count = (nint)x.Length };
        Run(ref job, x.Length / 8, blocks);
        double total = 0;
        for (long i = 0; i < blocks; i++) total += sums[i];
        *Reals(result) = (float)total;
    }

    private struct SquaredNormJob : IHostJob
    {
        public float* Sums, X;
        public nint Count;

        public readonly void Run(int part, int parts, float* scratch)
        {
            var (from, to) = Partition.Of(Count, NormBlock, part, parts);
            for (nint block = from; block < to; block += NormBlock)
            {
                nint i = block, end = Math.Min(block + NormBlock, to);
                var sum = Vector512<float>.Zero;
                for (; i + 16 <= end; i += 16)
                {
                    var v = Vector512.Load(X + i);
                    sum = Vector512.FusedMultiplyAdd(v, v, sum);
                }
                if (i < end)
                {
                    var v = VectorMath.LoadTail(X + i, end - i);
                    sum = Vector512.FusedMultiplyAdd(v, v, sum);
                }
                Sums[block / NormBlock] = VectorMath.Sum(sum);
            }
        }
    }
}
