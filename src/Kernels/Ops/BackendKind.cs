namespace LoraCollab.Kernels.Ops;

/// <summary>Where ops run.</summary>
public enum BackendKind
{
    /// <summary>Plain loops in double: the text to read first and the oracle of every test.</summary>
    Reference,

    /// <summary>SIMD on all cores: the real path for people without a GPU.</summary>
    Host,

    /// <summary>ILGPU on an NVIDIA GPU.</summary>
    Cuda,

    /// <summary>ILGPU on an OpenCL 2+ device with a generic address space.</summary>
    OpenCL,

    /// <summary>ILGPU's CPU simulator: for debugging kernels on tiny shapes.</summary>
    Simulator,
}
