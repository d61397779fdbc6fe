namespace LoraCollab.Kernels.Profiling;

/// <summary>How fast a copy of some size is.</summary>
/// <param name="Bytes">Read and written together.</param>
/// <param name="BytesPerSecond">Read and written together.</param>
public readonly record struct CopyRate(long Bytes, double BytesPerSecond);
