using ILGPU;

namespace LoraCollab.Kernels.Ilgpu;

internal sealed partial class IlgpuBackend
{
    /// <summary>Sizes of a look-up and where element (v, c) of the table lies: v·TokenStride + c·ChannelStride.</summary>
    internal readonly record struct LookupShape(int Rows, int T, int C, int V, int Position, int TokenStride, int ChannelStride);

    protected override void EmbeddingCore(View x, IntView ids, Matrix wte, View wpe, int b, int t, int position)
    {
        var (table, channelStride, tokenStride) = Strided(wte);
        var shape = new LookupShape(b * t, t, wte.IC, wte.OC, position, tokenStride, channelStride);
        Launch(EmbeddingKernel, EachRow(shape.Rows), Device(x), Device(ids), table, Device(wpe), FaultBuffer(), shape);
    }

    protected override void EmbeddingBackwardCore(View dwte, View dwpe, IntView ids, View dx, int b, int t, int c)
    {
        var shape = new LookupShape(b * t, t, c, (int)(dwte.Length / c), 0, c, 1);
        Launch(TokenGradientKernel, EachRow(shape.Rows), Device(dwte), Device(ids), Device(dx), FaultBuffer(), shape);
        Launch(PositionGradientKernel, Each((long)t * c), Device(dwpe), Device(dx), shape);
    }

    private static void EmbeddingKernel(
        ArrayView<float> x, ArrayView<int> ids, ArrayView<float> table, ArrayView<float> wpe, ArrayView<int> fault, LookupShape s)
    {
        for (int row = Grid.IdxX, groups = Grid.DimX; row < s.Rows; row += groups)
        {
            int id = ids[row];
            bool known = id >= 0 && id < s.V;
            if (!known && Group.IdxX == 0) Fault(fault, EmbeddingFault, row, id, s.V);
            int from = known ? id * s.TokenStride : 0, position = (s.Position + row % s.T) * s.C;
            for (int c = Group.IdxX, threads = Group.DimX; c < s.C; c += threads)
                x[row * s.C + c] = table[from + c * s.ChannelStride] + wpe[position + c];
        }
    }

    /// <summary>For x[b, t] = wte[id] + …: dwte[id] += dx[b, t]. The group of a token's first row adds all its rows, in the order of the batch.</summary>
    private static void TokenGradientKernel(ArrayView<float> dwte, ArrayView<int> ids, ArrayView<float> dx, ArrayView<int> fault, LookupShape s)
    {
        for (int first = Grid.IdxX, groups = Grid.DimX; first < s.Rows; first += groups)
        {
            int id = ids[first];
            bool known = id >= 0 && id < s.V, owner = known;
            if (!known && Group.IdxX == 0) Fault(fault, EmbeddingBackwardFault, first, id, s.V);
            for (int row = 0; row < first && owner; row++) owner = ids[row] != id;
            if (owner)
            {
                for (int row = first; row < s.Rows; row++)
                {
                    if (ids[row] == id)
                        for (int c = Group.IdxX, threads = Group.DimX; c < s.C; c += threads) dwte[id * s.C + c] += dx[row * s.C + c];
                }
            }
        }
    }

    /// <summary>For x[b, t] = … + wpe[t]: dwpe[t] += Σ_b dx[b, t].</summary>
    private static void PositionGradientKernel(ArrayView<float> dwpe, ArrayView<float> dx, LookupShape s)
    {
        int n = s.T * s.C;
        for (int i = FirstItem, stride = ThreadStride; i < n; i += stride)
        {
            float sum = dwpe[i];
            for (int from = i; from < s.Rows * s.C; from += n) sum += dx[from];
            dwpe[i] = sum;
        }
    }
}
