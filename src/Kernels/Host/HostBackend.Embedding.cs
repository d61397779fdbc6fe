using System.Runtime.Intrinsics;

namespace LoraCollab.Kernels.Host;

public sealed unsafe partial class HostBackend
{
    protected override void EmbeddingCore(View x, IntView ids, Matrix wte, View wpe, int b, int t, int position)
    {
        RequireIds(Ids(ids), ids.Length, 0, wte.OC, nameof(ids));
        var job = new EmbeddingJob { X = Reals(x), Ids = Ids(ids), Positions = Reals(wpe) + (long)position * wte.IC, Rows = (nint)b * t, T = t, C = wte.IC };
        if (wte is PackedPanels packed)
        {
            job.Tokens = packed.Panels;
            (job.GroupSize, job.GroupStride, job.TokenStride, job.ChannelStride) = (Tile.Width, packed.Stride, 1, Tile.Width);
        }
        else
        {
            var dense = Dense(wte);
            job.Tokens = Reals(dense.Values);
            (job.GroupSize, job.GroupStride, job.TokenStride, job.ChannelStride) =
                (int.MaxValue, 0, dense.Transposed ? wte.IC : 1, dense.Transposed ? 1 : wte.OC);
        }
        Run(ref job, (long)b * t * wte.IC / 2, b * t);
    }

    /// <summary>x = wte[id] + wpe[t]: a token's channels lie side by side in a dense table, and a panel's width apart in a packed one.</summary>
    private struct EmbeddingJob : IHostJob
    {
        public float* X, Tokens, Positions;
        public int* Ids;
        public nint Rows, T, C, GroupStride, TokenStride, ChannelStride;
        public int GroupSize;

        public readonly void Run(int part, int parts, float* scratch)
        {
            var (from, to) = Partition.Of(Rows, 1, part, parts);
            for (nint m = from; m < to; m++)
            {
                float* token = Tokens + Ids[m] / GroupSize * GroupStride + Ids[m] % GroupSize * TokenStride;
                float* x = X + m * C, position = Positions + m % T * C;
                nint stride = ChannelStride;
                for (nint c = 0; c < C; c++) x[c] = token[c * stride] + position[c];
            }
        }
    }

    protected override void EmbeddingBackwardCore(View dwte, View dwpe, IntView ids, View dx, int b, int t, int c)
    {
        RequireIds(Ids(ids), ids.Length, 0, dwte.Length / c, nameof(ids));
        var job = new EmbeddingBackwardJob { Dwte = Reals(dwte), Dwpe = Reals(dwpe), Ids = Ids(ids), Dx = Reals(dx), B = b, T = t, C = c };
        Run(ref job, (long)b * t * c / 4, (c + 15) / 16);
    }

    /// <summary>Threads share out channels, so that rows of one token are added in the order of the batch.</summary>
    private struct EmbeddingBackwardJob : IHostJob
    {
        public float* Dwte, Dwpe, Dx;
        public int* Ids;
        public nint B, T, C;

        public readonly void Run(int part, int parts, float* scratch)
        {
            var (from, to) = Partition.Of(C, 16, part, parts);
            for (nint m = 0; m < B * T; m++)
            {
                Add(Dwte + Ids[m] * C + from, Dx + m * C + from, to - from);
                Add(Dwpe + m % T * C + from, Dx + m * C + from, to - from);
            }
        }

        private static void Add(float* y, float* x, nint count)
        {
            nint i = 0;
            for (; i + 16 <= count; i += 16) (Vector512.Load(y + i) + Vector512.Load(x + i)).Store(y + i);
            for (; i < count; i++) y[i] += x[i];
        }
    }
}
