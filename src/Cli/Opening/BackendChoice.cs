using LoraCollab.Cli.Options;
using LoraCollab.Cli.Parsing;
using LoraCollab.Kernels;

namespace LoraCollab.Cli.Opening;

/// <summary>What --backend and --threads ask for.</summary>
internal sealed record BackendChoice(BackendKind Kind, int Threads)
{
    /// <summary>Threads beyond this help nobody and only cost memory.</summary>
    private const int MostThreads = 1024;

    /// <param name="options">Text of the two options.</param>
    /// <param name="standard">The backend where --backend was not given; null: as for auto.</param>
    public static BackendChoice Of(IBackendOptions options, BackendKind? standard = null)
    {
        BackendKind? kind = Choice.Of<BackendKind?>("--backend", options.Backend, standard,
            ("auto", null), ("reference", BackendKind.Reference), ("host", BackendKind.Host), ("cuda", BackendKind.Cuda), ("opencl", BackendKind.OpenCL), ("simulator", BackendKind.Simulator));
        return new BackendChoice(kind ?? Devices.Auto(), Numbers.Whole("--threads", options.Threads, Environment.ProcessorCount, 1, MostThreads));
    }

    /// <summary>Bytes of one number there.</summary>
    public int RealBytes => Kind == BackendKind.Reference ? sizeof(double) : sizeof(float);

    public ComputeBackend Open() => Backends.Create(Kind, Threads);
}
