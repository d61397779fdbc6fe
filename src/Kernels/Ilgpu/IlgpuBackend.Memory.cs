using ILGPU;
using ILGPU.Runtime;

namespace LoraCollab.Kernels.Ilgpu;

internal sealed partial class IlgpuBackend
{
    private const string WorkspaceName = "workspace";

    private readonly float[] _staging = new float[16 * 1024];
    private readonly MemoryBuffer1D<float, Stride1D.Dense>?[] _scratch = new MemoryBuffer1D<float, Stride1D.Dense>?[3];

    protected override DeviceBuffer AllocateReals(string name, long length) => Zeroed<float>(name, length);

    protected override DeviceBuffer AllocateIntegers(string name, long length) => Zeroed<int>(name, length);

    private IlgpuBuffer<T> Zeroed<T>(string name, long length) where T : unmanaged
    {
        _device.Bind();
        var memory = _device.Accelerator.Allocate1D<T>(Math.Max(1, length));
        memory.MemSetToZero(_stream);
        _stream.Synchronize();
        return new IlgpuBuffer<T>(name, length, memory);
    }

    public override void Write(View destination, ReadOnlySpan<float> source) => CopyIn(Device(destination), source, destination);

    public override void Write(View destination, ReadOnlySpan<double> source)
    {
        RequireSize(destination, source.Length, nameof(destination));
        for (int from = 0; from < source.Length; from += _staging.Length)
        {
            var part = source.Slice(from, Math.Min(_staging.Length, source.Length - from));
            for (int i = 0; i < part.Length; i++) _staging[i] = (float)part[i];
            Write(destination.Slice(from, part.Length), _staging.AsSpan(0, part.Length));
        }
    }

    public override void Write(IntView destination, ReadOnlySpan<int> source) => CopyIn(Device(destination), source, destination);

    public override void Download(Span<float> destination, View source) => CopyOut(destination, Device(source), source);

    public override void Download(Span<double> destination, View source)
    {
        RequireSize(source, destination.Length, nameof(source));
        for (int from = 0; from < destination.Length; from += _staging.Length)
        {
            var part = destination.Slice(from, Math.Min(_staging.Length, destination.Length - from));
            Download(_staging.AsSpan(0, part.Length), source.Slice(from, part.Length));
            for (int i = 0; i < part.Length; i++) part[i] = _staging[i];
        }
    }

    public override void Download(Span<int> destination, IntView source) => CopyOut(destination, Device(source), source);

    private void CopyIn<T, TView>(ArrayView<T> device, ReadOnlySpan<T> source, TView view) where T : unmanaged where TView : struct
    {
        if (device.Length != source.Length) throw new ArgumentException($"{view}: expected {device.Length} values, found {source.Length}", nameof(source));
        if (source.IsEmpty) return;
        _device.Bind();
        device.CopyFromCPU(_stream, source);
    }

    private void CopyOut<T, TView>(Span<T> destination, ArrayView<T> device, TView view) where T : unmanaged where TView : struct
    {
        if (device.Length != destination.Length) throw new ArgumentException($"{view}: the destination has {destination.Length} places", nameof(destination));
        if (!destination.IsEmpty)
        {
            _device.Bind();
            device.CopyToCPU(_stream, destination);
        }
        ThrowFault();
    }

    public override Matrix Pack(string name, ReadOnlySpan<float> values, int ic, int oc, bool transposed = false)
    {
        if (values.Length != (long)ic * oc)
            throw new ArgumentException($"{name}: a matrix of {ic} × {oc} needs {(long)ic * oc} elements, found {values.Length}", nameof(values));
        var view = Allocate(name, values.Length);
        Write(view, values);
        return new IlgpuMatrix(name, view, ic, oc, transposed);
    }

    public override void Unpack(Span<float> destination, Matrix source, bool transposed = false)
    {
        var (values, stored) = Rows(source);
        if (stored == transposed)
        {
            Download(destination, values);
            return;
        }
        var copy = new float[destination.Length];
        Download(copy, values);
        int rows = stored ? source.OC : source.IC, columns = stored ? source.IC : source.OC;
        for (int r = 0; r < rows; r++)
            for (int c = 0; c < columns; c++)
                destination[c * rows + r] = copy[r * columns + c];
    }

    /// <summary>A weight's rows and whether they are outputs.</summary>
    private static (View Values, bool Transposed) Rows(Matrix w) => w switch
    {
        IlgpuMatrix packed => (packed.Values, packed.Transposed),
        DenseMatrix dense => (dense.Values, dense.Transposed),
        _ => throw new ArgumentException($"{w.Name}: packed by another backend ({w.GetType().Name})", nameof(w)),
    };

    /// <summary>A weight as kernels read it: element (i, o) lies at i·InputStride + o·OutputStride.</summary>
    private (ArrayView<float> Values, int InputStride, int OutputStride) Strided(Matrix w)
    {
        var (values, transposed) = Rows(w);
        return transposed ? (Device(values), 1, w.IC) : (Device(values), w.OC, 1);
    }

    private ArrayView<float> Device(View view) =>
        view.IsEmpty ? _device.Nothing.SubView(0, 0) : Elements<float>(view.Buffer).SubView(view.Offset, Indexable(view.Buffer, view.Length));

    private ArrayView<int> Device(IntView view) =>
        view.IsEmpty ? _device.NoIds.SubView(0, 0) : Elements<int>(view.Buffer).SubView(view.Offset, Indexable(view.Buffer, view.Length));

    private static ArrayView<T> Elements<T>(DeviceBuffer buffer) where T : unmanaged =>
        buffer is IlgpuBuffer<T> b ? b.Memory
        : throw new ArgumentException($"{buffer.Name}: allocated by another backend ({buffer.GetType().Name})", nameof(buffer));

    /// <summary>Kernels count elements in 32 bits.</summary>
    private static long Indexable(DeviceBuffer buffer, long length) =>
        length <= int.MaxValue
            ? length
            : throw new NotSupportedException($"{buffer.Name}: {length} elements in one tensor; the ILGPU backends index at most {int.MaxValue}");

    /// <summary>A lane's own workspace number <paramref name="slot"/>; it grows when a larger shape comes and then stays.</summary>
    private ArrayView<float> Scratch(int slot, long length)
    {
        _device.Bind();
        if (_scratch[slot] is not { } memory || memory.Length < length)
        {
            _stream.Synchronize();
            Memory.Resize(WorkspaceName, _scratch[slot]?.LengthInBytes ?? 0, length * sizeof(float));
            _scratch[slot]?.Dispose();
            _scratch[slot] = memory = _device.Accelerator.Allocate1D<float>(length);
        }
        return memory.View.SubView(0, length);
    }
}

/// <summary>A block of float32 or int32 on an ILGPU device.</summary>
internal sealed class IlgpuBuffer<T>(string name, long length, MemoryBuffer1D<T, Stride1D.Dense> memory) : DeviceBuffer(name, length)
    where T : unmanaged
{
    public ArrayView<T> Memory { get; } = memory.View;

    protected override void Free() => memory.Dispose();
}

/// <summary>
/// A frozen weight on an ILGPU device, row-major as it was given: [IC, OC], or [OC, IC] where <see cref="Transposed"/>. The kernels read either through
/// strides.
/// </summary>
internal sealed class IlgpuMatrix(string name, View values, int ic, int oc, bool transposed) : Matrix(name, ic, oc)
{
    public View Values { get; } = values;

    public bool Transposed { get; } = transposed;

    public override void Dispose() => Values.Buffer.Dispose();
}
