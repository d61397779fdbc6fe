using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics.X86;

namespace LoraCollab.Kernels.Host;

/// <summary>Cache lines asked for ahead of their use; nothing where the machine has no such instruction.</summary>
internal static unsafe class Lines
{
    /// <summary>Elements of a line of 64 bytes.</summary>
    private const int Elements = 16;

    /// <summary>Brings <paramref name="count"/> elements into the second-level cache.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Prefetch(float* start, nint count)
    {
        if (!Sse.IsSupported) return;
        for (float* line = start; line < start + count; line += Elements) Sse.Prefetch1(line);
        Sse.Prefetch1(start + count - 1);
    }
}
