using ILGPU;

namespace LoraCollab.Kernels.Ilgpu;

/// <summary>The logits of at most <see cref="ClassifierChunk"/> rows exist at a time, in the lane's workspace; one group finishes a row.</summary>
internal sealed partial class IlgpuBackend
{
    private const int ClassifierChunk = 128;

    protected override void ClassifierCore(View losses, IntView argmax, View dx, View dw, View x, Matrix w, IntView targets, int rows, float gradientScale)
    {
        for (int from = 0; from < rows; from += ClassifierChunk)
        {
            int count = Math.Min(ClassifierChunk, rows - from);
            var part = x.Slice((long)from * w.IC, (long)count * w.IC);
            var logits = Logits(part, w, count);
            var wanted = argmax.IsEmpty ? argmax : argmax.Slice(from, count);
            Launch(LossKernel, EachRow(count), Device(losses.Slice(from, count)), Device(wanted), logits, Device(targets.Slice(from, count)), FaultBuffer(),
                new LossShape(count, w.OC, from, dx.IsEmpty ? 0 : 1, gradientScale));
            if (dx.IsEmpty) continue;
            var (values, inputStride, outputStride) = Strided(w);
            var gradient = dx.Slice((long)from * w.IC, (long)count * w.IC);
            Product(Device(gradient), logits, values, Device(default(View)), ProductShape.BackwardInput(count, w.IC, w.OC, inputStride, outputStride));
            if (!dw.IsEmpty) Product(Device(dw), logits, Device(part), Device(default(View)), ProductShape.BackwardWeight(count, w.OC, w.IC, 1));
        }
    }

    protected override void ClassifierTopKCore(IntView ids, View logits, View lse, View x, Matrix w, int rows, int k)
    {
        for (int from = 0; from < rows; from += ClassifierChunk)
        {
            int count = Math.Min(ClassifierChunk, rows - from);
            var z = Logits(x.Slice((long)from * w.IC, (long)count * w.IC), w, count);
            var bestIds = ids.Slice((long)from * k, (long)count * k);
            var best = logits.Slice((long)from * k, (long)count * k);
            Launch(TopKKernel, EachRow(count), Device(bestIds), Device(best), Device(lse.Slice(from, count)), z, new RowShape(count, w.OC), k);
        }
    }

    private ArrayView<float> Logits(View x, Matrix w, int rows)
    {
        var logits = Scratch(1, (long)Math.Min(rows, ClassifierChunk) * w.OC);
        var (values, inputStride, outputStride) = Strided(w);
        Product(logits, Device(x), values, Device(default(View)), ProductShape.Forward(rows, w.IC, w.OC, inputStride, outputStride));
        return logits;
    }

    /// <summary>A chunk of logits: its rows, the vocabulary, where it begins in the batch, and whether the logits become their gradient.</summary>
    internal readonly record struct LossShape(int Rows, int V, int FirstRow, int WantGradient, float GradientScale);

    /// <summary>loss = log Σ exp z − z_target; where wanted, z becomes gradientScale·(softmax(z) − onehot(target)).</summary>
    private static void LossKernel(
        ArrayView<float> losses, ArrayView<int> argmax, ArrayView<float> z, ArrayView<int> targets, ArrayView<int> fault, LossShape s)
    {
        var shared = SharedMemory.Allocate<float>(MaxGroup);
        var sharedIds = SharedMemory.Allocate<int>(MaxGroup);
        for (int row = Grid.IdxX, groups = Grid.DimX; row < s.Rows; row += groups)
        {
            int from = row * s.V, target = targets[row];
            bool counts = target >= 0 && target < s.V;
            if (!counts && target != -1 && Group.IdxX == 0) Fault(fault, ClassifierFault, s.FirstRow + row, target, s.V);
            var top = GroupLargest(RowLargest(z, from, s.V, float.PositiveInfinity, -1), shared, sharedIds);
            float lse = RowLogSumExp(z, from, s.V, top.Value, shared);
            if (Group.IdxX == 0)
            {
                losses[row] = counts ? lse - z[from + target] : 0f;
                if (argmax.Length > 0) argmax[row] = top.Id;
            }
            Group.Barrier();
            if (s.WantGradient != 0)
            {
                for (int v = Group.IdxX, threads = Group.DimX; v < s.V; v += threads)
                    z[from + v] = counts ? s.GradientScale * (DeviceMath.Exp(z[from + v] - lse) - (v == target ? 1f : 0f)) : 0f;
            }
        }
    }

    /// <summary>k passes over a row, each for the first logit after the last one found, in the order: larger first, then the lower id.</summary>
    private static void TopKKernel(ArrayView<int> ids, ArrayView<float> logits, ArrayView<float> lse, ArrayView<float> z, RowShape s, int k)
    {
        var shared = SharedMemory.Allocate<float>(MaxGroup);
        var sharedIds = SharedMemory.Allocate<int>(MaxGroup);
        for (int row = Grid.IdxX, groups = Grid.DimX; row < s.Rows; row += groups)
        {
            int from = row * s.C;
            var last = new Candidate(float.PositiveInfinity, -1);
            float largest = 0;
            for (int place = 0; place < k; place++)
            {
                last = GroupLargest(RowLargest(z, from, s.C, last.Value, last.Id), shared, sharedIds);
                if (place == 0) largest = last.Value;
                if (Group.IdxX == 0)
                {
                    ids[row * k + place] = last.Id;
                    logits[row * k + place] = last.Value;
                }
            }
            float sum = RowLogSumExp(z, from, s.C, largest, shared);
            if (Group.IdxX == 0) lse[row] = sum;
        }
    }

    /// <summary>A logit and its id; id −1 stands for none.</summary>
    internal readonly record struct Candidate(float Value, int Id);

    /// <summary>This thread's largest logit among those that come after the given one.</summary>
    private static Candidate RowLargest(ArrayView<float> z, int from, int length, float afterValue, int afterId)
    {
        float best = float.NegativeInfinity;
        int bestId = -1;
        for (int v = Group.IdxX, threads = Group.DimX; v < length; v += threads)
        {
            float value = z[from + v];
            bool after = value < afterValue || (value == afterValue && v > afterId);
            if (after && (value > best || bestId < 0)) (best, bestId) = (value, v);
        }
        return new Candidate(best, bestId);
    }

    /// <summary>The largest of all threads' candidates, to all threads; where nothing compares (NaN), id 0.</summary>
    private static Candidate GroupLargest(Candidate mine, ArrayView<float> values, ArrayView<int> ids)
    {
        if (Group.DimX > 1)
        {
            Group.Barrier();
            values[Group.IdxX] = mine.Value;
            ids[Group.IdxX] = mine.Id;
            Group.Barrier();
            for (int half = Group.DimX / 2; half > 0; half /= 2)
            {
                int i = Group.IdxX, other = i + half;
                if (i < half && ids[other] >= 0 && (ids[i] < 0 || values[other] > values[i] || (values[other] == values[i] && ids[other] < ids[i])))
                {
                    values[i] = values[other];
                    ids[i] = ids[other];
                }
                Group.Barrier();
            }
            mine = new Candidate(values[0], ids[0]);
        }
        return mine.Id < 0 ? new Candidate(float.NaN, 0) : mine;
    }

    private static float RowLogSumExp(ArrayView<float> z, int from, int length, float largest, ArrayView<float> shared)
    {
        float sum = 0;
        for (int v = Group.IdxX, threads = Group.DimX; v < length; v += threads) sum += DeviceMath.Exp(z[from + v] - largest);
        return largest + DeviceMath.Log(GroupSum(sum, shared));
    }
}
