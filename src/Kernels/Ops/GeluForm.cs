namespace LoraCollab.Kernels.Ops;

/// <summary>The two forms of GELU (arXiv:1606.08415).</summary>
public enum GeluForm
{
    /// <summary>0.5·x·(1 + tanh(√(2/π)·(x + 0.044715·x³))): <c>gelu_new</c>, GPT-2's own.</summary>
    Tanh,

    /// <summary>0.5·x·(1 + erf(x/√2)): <c>gelu</c>.</summary>
    Erf,
}
