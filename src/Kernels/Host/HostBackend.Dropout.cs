using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace LoraCollab.Kernels.Host;

public sealed unsafe partial class HostBackend
{
    protected override void DropoutCore(View y, View x, long n, DropoutMask mask)
    {
        if (mask.IsNone)
        {
            if (!y.IsSameAs(x)) CopyCore(y, x);
            return;
        }
        var job = new DropoutJob { Y = Reals(y), X = Reals(x), Count = (nint)n, Mask = new(mask) };
        Run(ref job, n * 2, n / DropoutJob.Block + 1);
    }

    protected override void AddDropoutCore(View y, View x, long n, DropoutMask mask)
    {
        if (mask.IsNone)
        {
            AddScaledCore(y, x, 1);
            return;
        }
        var job = new DropoutJob { Y = Reals(y), X = Reals(x), Count = (nint)n, Mask = new(mask), Add = true };
        Run(ref job, n * 2, n / DropoutJob.Block + 1);
    }

    private struct DropoutJob : IHostJob
    {
        public const int Block = 512;
        public float* Y, X;
        public nint Count;
        public DropoutLanes Mask;
        public bool Add;

        [SkipLocalsInit]
        public readonly void Run(int part, int parts, float* scratch)
        {
            float* keep = stackalloc float[Block];
            var (from, to) = Partition.Of(Count, Block, part, parts);
            for (nint block = from; block < to; block += Block)
            {
                nint count = Math.Min(Block, to - block), i = 0;
                float* x = X + block, y = Y + block;
                Mask.Fill(keep, block, count);
                if (Add)
                {
                    for (; i + 16 <= count; i += 16) (Vector512.Load(y + i) + Vector512.Load(x + i) * Vector512.Load(keep + i)).Store(y + i);
                    for (; i < count; i++) y[i] += x[i] * keep[i];
                }
                else
                {
                    for (; i + 16 <= count; i += 16) (Vector512.Load(x + i) * Vector512.Load(keep + i)).Store(y + i);
                    for (; i < count; i++) y[i] = x[i] * keep[i];
                }
            }
        }
    }
}
