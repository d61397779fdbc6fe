using System.Diagnostics;
using ILGPU.Runtime;

namespace LoraCollab.Kernels.Ilgpu;

/// <summary>
/// The device's own clock: a mark is an event in the lane's stream, whose time the device takes when it gets there. Times are sums of the distances from mark
/// to mark, which devices tell in float32 milliseconds and would tell badly over minutes. A mark is an object of ILGPU's: unlike on the host, it allocates.
/// </summary>
internal sealed class MarkerClock(IlgpuDevice device, AcceleratorStream stream, int marks) : LaneClock
{
    private readonly ProfilingMarker?[] _markers = new ProfilingMarker?[marks];
    private ProfilingMarker? _last;
    private long _lastTicks;

    public override void Mark(int number)
    {
        device.Bind();
        _markers[number] = stream.AddProfilingMarker();
    }

    public override void Read(Span<long> ticks)
    {
        device.Bind();
        for (int i = 0; i < ticks.Length; i++)
        {
            var marker = _markers[i]!;
            if (_last is not null) _lastTicks += Math.Max(0, (long)(marker.MeasureFrom(_last).TotalSeconds * Stopwatch.Frequency));
            _last?.Dispose();
            (ticks[i], _last, _markers[i]) = (_lastTicks, marker, null);
        }
    }

    public override void Dispose()
    {
        device.Bind();
        _last?.Dispose();
        foreach (var marker in _markers) marker?.Dispose();
    }
}
