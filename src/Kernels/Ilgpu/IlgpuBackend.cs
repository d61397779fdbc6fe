using ILGPU;
using ILGPU.Runtime;

namespace LoraCollab.Kernels.Ilgpu;

/// <summary>
/// The ops on an ILGPU accelerator: CUDA, OpenCL, or ILGPU's CPU simulator, from one set of kernels. Each family's file holds its launchers and, below them,
/// the static methods that run on the device.
/// <para>Two shapes of kernel: one thread per element (or small tile), and one group per row, whose threads add up through shared memory. Both loop with the
/// size of the grid, so that any grid gives the same result; a sum's order depends on its length and the size of a group, which is constant for a device. On
/// the simulator a group is one thread and no barrier is ever waited for.</para>
/// <para>Only Download and Synchronize wait. Ids beyond the vocabulary are noticed by the kernels, never read through, and reported at the next wait.</para>
/// </summary>
internal sealed partial class IlgpuBackend : ComputeBackend
{
    /// <summary>Threads of a group at most; kernels reserve shared memory for as many.</summary>
    public const int MaxGroup = 256;

    private readonly IlgpuDevice _device;
    private readonly AcceleratorStream _stream;
    private readonly bool _ownsDevice;

    public IlgpuBackend(BackendKind kind, IlgpuDevice device) : this(kind, device, null)
    {
    }

    private IlgpuBackend(BackendKind kind, IlgpuDevice device, MemoryLedger? memory) : base(memory)
    {
        (Kind, _device, _ownsDevice) = (kind, device, memory is null);
        var accelerator = device.Accelerator;
        device.Bind();
        _stream = _ownsDevice || kind == BackendKind.Simulator ? accelerator.DefaultStream : accelerator.CreateStream();
        _fault = accelerator.Allocate1D<int>(FaultFields);
        _fault.MemSetToZero(_stream);
        _stream.Synchronize();
        Description = $"{(kind == BackendKind.Simulator ? "ILGPU's CPU simulator" : accelerator.Name)}, {kind switch
        {
            BackendKind.Cuda => "CUDA",
            BackendKind.OpenCL => "OpenCL",
            _ => "for debugging kernels",
        }}, groups of {device.GroupSize}";
    }

    public override BackendKind Kind { get; }

    public override string Description { get; }

    public override int Threads => 1;

    public override ComputeBackend CreateLane(int threads) => new IlgpuBackend(Kind, _device, Memory);

    public override IReadOnlyList<KernelLaunch> Launches() => [.. _device.Kernels.SelectMany(k => k.Launches).OrderByDescending(l => l.Count)];

    public override void ForgetLaunches()
    {
        foreach (var kernel in _device.Kernels) kernel.Forget();
    }

    public override IReadOnlyList<KernelResources> Resources()
    {
        _device.Bind();
        return [.. _device.Kernels.OrderBy(k => k.Name, StringComparer.Ordinal).Select(k => DriverResources.Of(_device.Accelerator, k))];
    }

    internal override LaneClock CreateClock(int marks) => _device.Accelerator.Context.Properties.EnableProfiling
        ? new MarkerClock(_device, _stream, marks)
        : throw new InvalidOperationException($"{Description}: the device takes no times; open it with Backends.Create(kind, threads, profiling: true)");

    public override void Synchronize()
    {
        _device.Bind();
        _stream.Synchronize();
        ThrowFault();
    }

    public override void Dispose()
    {
        _device.Bind();
        _stream.Synchronize();
        foreach (var scratch in _scratch)
        {
            Memory.Resize(WorkspaceName, scratch?.LengthInBytes ?? 0, 0);
            scratch?.Dispose();
        }
        _fault.Dispose();
        if (_ownsDevice) _device.Dispose();
        else if (_stream != _device.Accelerator.DefaultStream) _stream.Dispose();
    }
}
