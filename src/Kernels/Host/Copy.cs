using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace LoraCollab.Kernels.Host;

/// <summary>Copies of one size.</summary>
internal static unsafe class Copy
{
    /// <summary><see cref="Tile.Width"/> elements.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Chunk(float* target, float* source)
    {
        var low = Vector512.Load(source);
        if (Vector512.IsHardwareAccelerated) Vector512.Load(source + 16).Store(target + 16);
        low.Store(target);
    }
}
