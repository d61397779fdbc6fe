namespace LoraCollab.Kernels;

/// <summary>What memory is planned for before a backend is opened.</summary>
/// <param name="Kind">Which backend.</param>
/// <param name="Threads">Threads of all lanes together.</param>
public readonly record struct ComputeSize(BackendKind Kind, int Threads)
{
    /// <summary>Bytes of one real number there.</summary>
    public int RealBytes => Kind == BackendKind.Reference ? sizeof(double) : sizeof(float);
}
