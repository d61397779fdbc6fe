namespace LoraCollab.Cli.Opening;

/// <summary>Where to compute, and with how many threads.</summary>
internal record BackendChoice
{
    private BackendKind? _kind;

    [Option("backend", OptionGroup.Machine, "Where to compute: auto (CUDA if there is a device, else host), reference, host, cuda, opencl, simulator.",
        Choices = ["auto", "reference", "host", "cuda", "opencl", "simulator"], Default = "auto")]
    public string? Backend { get; init; }

    /// <summary>More help nobody and only cost memory.</summary>
    [Option("threads", OptionGroup.Machine, "Threads on the host; results do not depend on it.", Least = 1, Most = 1024, Default = "all cores")]
    public int Threads { get; init; } = Environment.ProcessorCount;

    /// <summary>The backend where none was given; null: as for auto.</summary>
    public BackendKind? Standard
    {
        get;
        init => (field, _kind) = (value, null);
    }

    public BackendKind Kind => _kind ??= Backend is null && Standard is { } standard ? standard
        : Backend is null or "auto" ? Devices.Auto() : Enum.Parse<BackendKind>(Backend, ignoreCase: true);

    /// <summary>Whether a profiler will ask the device for its own times.</summary>
    public bool Profiling { get; init; }

    /// <summary>Bytes of one number there.</summary>
    public int RealBytes => Kind == BackendKind.Reference ? sizeof(double) : sizeof(float);

    /// <summary>For planning memory.</summary>
    public ComputeSize Size => new(Kind, Threads);

    public virtual ComputeBackend Open() => Backends.Create(Kind, Threads, Profiling);
}

/// <summary>The same, with every op checked where that is asked for.</summary>
internal sealed record CheckedBackendChoice : BackendChoice
{
    [Option("debug", OptionGroup.Machine, "Check after every op that it wrote no NaN and no infinity, and nothing outside its operands; slow. "
        + "On the first fault the op's inputs and outputs are written to DIR/debug-OP-STEP.safetensors and the command fails.", Value = "DIR")]
    public string? Debug { get; init; }

    /// <exception cref="UserException">The folder for faults is a file.</exception>
    public override ComputeBackend Open()
    {
        if (File.Exists(Debug)) throw new UserException($"--debug {Debug}: expected a folder, found a file");
        var backend = base.Open();
        if (Debug is not null) OpChecker.Attach(backend, Debug);
        return backend;
    }
}
