using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace LoraCollab.Kernels.Host;

public sealed unsafe partial class HostBackend
{
    protected override void AttentionCachedCore(View y, View keys, View values, View qkv, int position, int count, int nh, int hs)
    {
        var job = new AttentionCachedJob
        {
            Y = Reals(y),
            Keys = Reals(keys),
            Values = Reals(values),
            Qkv = Reals(qkv),
            Position = position,
            Count = count,
            NH = nh,
            HS = hs,
        };
        Run(ref job, (long)count * (position + count) * nh * hs / 8, nh, position + count + 16);
    }

    /// <summary>New rows against the cache, head by head: the scores are dot products, y a weighted sum of rows.</summary>
    private struct AttentionCachedJob : IHostJob
    {
        public float* Y, Keys, Values, Qkv;
        public nint Position, Count, NH, HS;

        public readonly void Run(int part, int parts, float* scratch)
        {
            var (from, to) = Partition.Of(NH, 1, part, parts);
            nint c = NH * HS;
            for (nint h = from; h < to; h++)
            {
                for (nint i = 0; i < Count; i++)
                {
                    Unsafe.CopyBlockUnaligned(Keys + (Position + i) * c + h * HS, Qkv + (3 * i + 1) * c + h * HS, (uint)HS * 4);
                    Unsafe.CopyBlockUnaligned(Values + (Position + i) * c + h * HS, Qkv + (3 * i + 2) * c + h * HS, (uint)HS * 4);
                }
                for (nint i = 0; i < Count; i++) Row(Y + i * c + h * HS, Qkv + 3 * i * c + h * HS, Keys + h * HS, Values + h * HS, Position + i + 1, scratch);
            }
        }

        private readonly void Row(float* y, float* q, float* keys, float* values, nint positions, float* scores)
        {
            nint c = NH * HS;
            float scale = 1 / MathF.Sqrt(HS), max = float.NegativeInfinity;
            for (nint j = 0; j < positions; j++)
            {
                scores[j] = VectorMath.Dot(q, keys + j * c, HS) * scale;
                if (scores[j] > max) max = scores[j];
            }
            for (nint j = positions; j % 16 != 0; j++) scores[j] = float.NegativeInfinity;
            var sum = Vector512<float>.Zero;
            for (nint j = 0; j < positions; j += 16)
            {
                var e = VectorMath.Exp(Vector512.Load(scores + j) - Vector512.Create(max));
                sum += e;
                e.Store(scores + j);
            }
            float inverse = 1 / VectorMath.Sum(sum);
            nint o = 0;
            for (; o + 16 <= HS; o += 16)
            {
                var total = Vector512<float>.Zero;
                for (nint j = 0; j < positions; j++) total = Vector512.FusedMultiplyAdd(Vector512.Create(scores[j]), Vector512.Load(values + j * c + o), total);
                (total * Vector512.Create(inverse)).Store(y + o);
            }
            for (; o < HS; o++)
            {
                float total = 0;
                for (nint j = 0; j < positions; j++) total = MathF.FusedMultiplyAdd(scores[j], values[j * c + o], total);
                y[o] = total * inverse;
            }
        }
    }
}
