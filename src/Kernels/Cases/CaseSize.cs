namespace LoraCollab.Kernels.Cases;

/// <summary>What a case is for.</summary>
public enum CaseSize
{
    /// <summary>Small and odd: correctness on every backend, ILGPU's simulator included, and gradients against central differences.</summary>
    Tiny,

    /// <summary>Odd and wide enough for several tiles, chunks and threads: correctness and determinism on everything but the simulator.</summary>
    Spanning,

    /// <summary>The shapes of GPT-2 124M: for benchmarks alone.</summary>
    Large,
}
