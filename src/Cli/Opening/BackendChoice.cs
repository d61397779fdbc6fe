namespace LoraCollab.Cli.Opening;

/// <summary>What --backend, --threads and --debug ask for.</summary>
/// <param name="Debug">Where the operands of a failing op are to be written; null: ops are not checked.</param>
internal sealed record BackendChoice(BackendKind Kind, int Threads, string? Debug = null)
{
    /// <summary>Threads beyond this help nobody and only cost memory.</summary>
    private const int MostThreads = 1024;

    /// <param name="options">Text of the two options.</param>
    /// <param name="standard">The backend where --backend was not given; null: as for auto.</param>
    public static BackendChoice Of(IBackendOptions options, BackendKind? standard = null)
    {
        BackendKind? kind = Choice.Of<BackendKind?>("--backend", options.Backend, standard,
            ("auto", null), ("reference", BackendKind.Reference), ("host", BackendKind.Host), ("cuda", BackendKind.Cuda), ("opencl", BackendKind.OpenCL), ("simulator", BackendKind.Simulator));
        return new BackendChoice(kind ?? Devices.Auto(), Numbers.Whole("--threads", options.Threads, Environment.ProcessorCount, 1, MostThreads),
            options is IDebugOption { Debug: { } folder } ? Folder(folder) : null);
    }

    /// <summary>Whether a profiler will ask the device for its own times.</summary>
    public bool Profiling { get; init; }

    /// <summary>Bytes of one number there.</summary>
    public int RealBytes => Kind == BackendKind.Reference ? sizeof(double) : sizeof(float);

    /// <summary>For planning memory.</summary>
    public ComputeSize Size => new(Kind, Threads);

    public ComputeBackend Open()
    {
        var backend = Backends.Create(Kind, Threads, Profiling);
        if (Debug is not null) OpChecker.Attach(backend, Debug);
        return backend;
    }

    /// <exception cref="UserException">It is a file.</exception>
    private static string Folder(string path) => File.Exists(path) ? throw new UserException($"--debug {path}: expected a folder, found a file") : path;
}
