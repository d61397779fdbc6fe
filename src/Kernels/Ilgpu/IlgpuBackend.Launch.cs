using ILGPU;
using ILGPU.Runtime;

namespace LoraCollab.Kernels.Ilgpu;

internal sealed partial class IlgpuBackend
{
    // ---- grids ----

    /// <summary>A grid whose threads take <paramref name="n"/> items one by one.</summary>
    private KernelConfig Each(long n) => new((int)Math.Min(_device.Groups, (n + _device.GroupSize - 1) / _device.GroupSize), _device.GroupSize);

    /// <summary>A grid whose groups take <paramref name="n"/> rows one by one.</summary>
    private KernelConfig EachRow(long n) => EachGroup(n, _device.GroupSize);

    /// <summary>The same with smaller groups.</summary>
    private KernelConfig EachGroup(long n, int groupSize) => new((int)Math.Min(_device.Groups, n), Math.Min(groupSize, _device.GroupSize));

    /// <summary>A grid whose groups take tiles of outputs one by one.</summary>
    private KernelConfig EachTile(long m, long n)
    {
        int step = _device.TileStep, side = 4 * step;
        return EachGroup((m + side - 1) / side * ((n + side - 1) / side), step * step);
    }

    // ---- launchers, by number of arguments ----

    private TLauncher Prepare<TKernel, TLauncher>(TKernel kernel, KernelConfig grid, Func<Accelerator, TKernel, TLauncher> load)
        where TKernel : Delegate where TLauncher : Delegate
    {
        _device.Bind();
        var loaded = _device.Kernel(kernel, load);
        loaded.Count(Op, grid);
        return (TLauncher)loaded.Launcher;
    }

    private void Launch<T1, T2>(Action<T1, T2> kernel, KernelConfig grid, T1 a1, T2 a2)
        where T1 : struct where T2 : struct
    {
        Prepare(kernel, grid, static (a, k) => a.LoadKernel(k))(_stream, grid, a1, a2);
    }

    private void Launch<T1, T2, T3>(Action<T1, T2, T3> kernel, KernelConfig grid, T1 a1, T2 a2, T3 a3)
        where T1 : struct where T2 : struct where T3 : struct
    {
        Prepare(kernel, grid, static (a, k) => a.LoadKernel(k))(_stream, grid, a1, a2, a3);
    }

    private void Launch<T1, T2, T3, T4>(Action<T1, T2, T3, T4> kernel, KernelConfig grid, T1 a1, T2 a2, T3 a3, T4 a4)
        where T1 : struct where T2 : struct where T3 : struct where T4 : struct
    {
        Prepare(kernel, grid, static (a, k) => a.LoadKernel(k))(_stream, grid, a1, a2, a3, a4);
    }

    private void Launch<T1, T2, T3, T4, T5>(Action<T1, T2, T3, T4, T5> kernel, KernelConfig grid, T1 a1, T2 a2, T3 a3, T4 a4, T5 a5)
        where T1 : struct where T2 : struct where T3 : struct where T4 : struct where T5 : struct
    {
        Prepare(kernel, grid, static (a, k) => a.LoadKernel(k))(_stream, grid, a1, a2, a3, a4, a5);
    }

    private void Launch<T1, T2, T3, T4, T5, T6>(Action<T1, T2, T3, T4, T5, T6> kernel, KernelConfig grid, T1 a1, T2 a2, T3 a3, T4 a4, T5 a5, T6 a6)
        where T1 : struct where T2 : struct where T3 : struct where T4 : struct where T5 : struct where T6 : struct
    {
        Prepare(kernel, grid, static (a, k) => a.LoadKernel(k))(_stream, grid, a1, a2, a3, a4, a5, a6);
    }

    private void Launch<T1, T2, T3, T4, T5, T6, T7>(
        Action<T1, T2, T3, T4, T5, T6, T7> kernel, KernelConfig grid, T1 a1, T2 a2, T3 a3, T4 a4, T5 a5, T6 a6, T7 a7)
        where T1 : struct where T2 : struct where T3 : struct where T4 : struct where T5 : struct where T6 : struct where T7 : struct
    {
        Prepare(kernel, grid, static (a, k) => a.LoadKernel(k))(_stream, grid, a1, a2, a3, a4, a5, a6, a7);
    }

    private void Launch<T1, T2, T3, T4, T5, T6, T7, T8>(
        Action<T1, T2, T3, T4, T5, T6, T7, T8> kernel, KernelConfig grid, T1 a1, T2 a2, T3 a3, T4 a4, T5 a5, T6 a6, T7 a7, T8 a8)
        where T1 : struct where T2 : struct where T3 : struct where T4 : struct where T5 : struct where T6 : struct where T7 : struct where T8 : struct
    {
        Prepare(kernel, grid, static (a, k) => a.LoadKernel(k))(_stream, grid, a1, a2, a3, a4, a5, a6, a7, a8);
    }

    // ---- inside a kernel ----

    /// <summary>The first item of this thread in an <see cref="Each"/> grid; the next ones follow at <see cref="ThreadStride"/>.</summary>
    private static int FirstItem => Grid.IdxX * Group.DimX + Group.IdxX;

    /// <summary>Ask once before a loop: on the simulator the sizes of grid and group are looked up per thread.</summary>
    private static int ThreadStride => Grid.DimX * Group.DimX;

    /// <summary>The sum of all threads' values, to all threads, by a binary tree.</summary>
    private static float GroupSum(float value, ArrayView<float> shared)
    {
        if (Group.DimX == 1) return value;
        Group.Barrier();
        shared[Group.IdxX] = value;
        Group.Barrier();
        for (int half = Group.DimX / 2; half > 0; half /= 2)
        {
            if (Group.IdxX < half) shared[Group.IdxX] += shared[Group.IdxX + half];
            Group.Barrier();
        }
        return shared[0];
    }

    /// <summary>The largest of all threads' values, to all threads.</summary>
    private static float GroupMax(float value, ArrayView<float> shared)
    {
        if (Group.DimX == 1) return value;
        Group.Barrier();
        shared[Group.IdxX] = value;
        Group.Barrier();
        for (int half = Group.DimX / 2; half > 0; half /= 2)
        {
            if (Group.IdxX < half && shared[Group.IdxX + half] > shared[Group.IdxX]) shared[Group.IdxX] = shared[Group.IdxX + half];
            Group.Barrier();
        }
        return shared[0];
    }
}
