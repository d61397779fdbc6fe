using System.Globalization;

namespace LoraCollab.Engine.Diagnostics;

/// <summary>
/// Bytes a plan will hold on its backend, group by group, counted from the very layouts that are allocated: what <see cref="MemoryLedger"/> will show once
/// every op has run. Arrays of the program beside it (texts, adapters on their way) are not in it.
/// </summary>
/// <param name="Base">The model's parameters as the backend packs them and, where they are trained, their gradient.</param>
/// <param name="Adapters">Adapters and their gradients.</param>
/// <param name="Optimiser">AdamW's two moments.</param>
/// <param name="Activations">What the lanes keep for their backward passes.</param>
/// <param name="Scratch">What the blocks of a lane share, and its token ids.</param>
public sealed record MemoryEstimate(long Base, long Adapters, long Optimiser, long Activations, long Scratch)
{
    /// <summary>Ids, targets and predictions of a row: int32.</summary>
    private const int IdBytesOfARow = 3 * sizeof(int);

    /// <summary>What the lanes' ops hold for themselves: a chunk of logits, packed blocks of products, scores.</summary>
    public long Workspace { get; init; }

    /// <summary>Corrected weights (<see cref="WeightCorrection"/>) and what they are made of.</summary>
    public long Corrections { get; init; }

    /// <summary>Bytes of a group.</summary>
    public long this[MemoryGroup group] => group switch
    {
        MemoryGroup.Base => Base,
        MemoryGroup.Adapters => Adapters,
        MemoryGroup.Optimiser => Optimiser,
        MemoryGroup.Activations => Activations,
        MemoryGroup.Scratch => Scratch,
        MemoryGroup.Workspace => Workspace,
        MemoryGroup.Corrections => Corrections,
        _ => 0,
    };

    public long Total => Base + Adapters + Optimiser + Activations + Scratch + Workspace + Corrections;

    /// <summary>Clients with an adapter each over one frozen base, trained on some lanes.</summary>
    /// <param name="on">The backend, and the threads of all lanes together.</param>
    /// <param name="evaluationBatch">Sequences of a second, forward-only pass that every lane has; 0: none.</param>
    /// <param name="topK">Tokens a position that this second pass is asked for; 0: none.</param>
    public static MemoryEstimate ForAdapters(
        GptConfig config, LoraOptions lora, int clients, int lanes, int batch, int length, ComputeSize on, int evaluationBatch = 0, int topK = 0)
    {
        int real = on.RealBytes, rows = checked(batch * length);
        long adapter = LoraLayout.Of(config, lora).Length * clients * real;
        var training = new PassLayout(config, rows, PassKind.Lora, lora);
        long kept = training.Kept.Length * config.Layers * real, shared = training.Shared.Length * real + rows * IdBytesOfARow;
        var passes = new List<PassShapes> { PassLayout.ShapesOf(config, batch, length, PassKind.Lora, lora) };
        if (evaluationBatch > 0)
        {
            int read = checked(evaluationBatch * length);
            shared += new PassLayout(config, read, PassKind.Forward, lora).Shared.Length * real + read * IdBytesOfARow;
            passes.Add(PassLayout.ShapesOf(config, evaluationBatch, length, PassKind.Forward, lora) with { TopK = topK });
        }
        return new(FrozenBytes(config, on.Kind), 2 * adapter, 2 * adapter + clients * real, kept * lanes, shared * lanes)
        {
            Workspace = Enumerable.Range(0, lanes).Sum(lane => Backends.WorkspaceBytes(on with { Threads = ThreadsOf(on.Threads, lanes, lane) }, passes)),
        };
    }

    /// <summary>Training of every parameter on one lane.</summary>
    public static MemoryEstimate ForFullTraining(GptConfig config, int batch, int length, ComputeSize on)
    {
        long parameters = config.Layout().Length * on.RealBytes;
        int rows = checked(batch * length);
        var layout = new PassLayout(config, rows, PassKind.Full, null);
        long kept = layout.Kept.Length * config.Layers * on.RealBytes, shared = layout.Shared.Length * on.RealBytes + rows * IdBytesOfARow;
        return new(2 * parameters, 0, 2 * parameters + on.RealBytes, kept, shared)
        {
            Workspace = Backends.WorkspaceBytes(on, [PassLayout.ShapesOf(config, batch, length, PassKind.Full, null)]),
        };
    }

    /// <summary>Reading with a frozen base, with or without one adapter.</summary>
    public static MemoryEstimate ForEvaluation(GptConfig config, LoraOptions? lora, int batch, int length, ComputeSize on)
    {
        int rows = checked(batch * length);
        long adapter = lora is null ? 0 : LoraLayout.Of(config, lora).Length * on.RealBytes;
        long shared = new PassLayout(config, rows, PassKind.Forward, lora).Shared.Length * on.RealBytes + rows * IdBytesOfARow;
        return new(FrozenBytes(config, on.Kind), adapter, 0, 0, shared)
        {
            Workspace = Backends.WorkspaceBytes(on, [PassLayout.ShapesOf(config, batch, length, PassKind.Forward, lora)]),
        };
    }

    /// <summary>Threads of one lane where so many are shared out.</summary>
    public static int ThreadsOf(int threads, int lanes, int lane) => threads / lanes + (lane < threads % lanes ? 1 : 0);

    /// <summary>Refuses a plan over what the machine has, with the numbers.</summary>
    /// <param name="available">Bytes; the default is what the runtime says this process may use.</param>
    /// <exception cref="UserException">The plan needs more.</exception>
    public void Require(long? available = null)
    {
        long limit = available ?? GC.GetGCMemoryInfo().TotalAvailableMemoryBytes;
        if (Total > limit)
            throw new UserException($"the plan needs {Text(Total)} of memory and the machine has {Text(limit)} ({this}): "
                + "use a smaller batch, shorter sequences, fewer lanes or a smaller model");
    }

    public override string ToString() =>
        $"base {Text(Base)}, adapters {Text(Adapters)}, optimiser {Text(Optimiser)}, activations {Text(Activations)}, "
        + $"scratch {Text(Scratch)}, workspace {Text(Workspace)}"
        + (Corrections > 0 ? $", corrected weights {Text(Corrections)}" : "");

    private static long FrozenBytes(GptConfig config, BackendKind kind) => config.Layout().Entries.Sum(e =>
        !GptModel.IsMatrix(e) ? e.Length * new ComputeSize(kind, 1).RealBytes
        : GptModel.HasTokenRows(e.Name) ? Backends.PackedBytes(kind, e.Shape[1], e.Shape[0])
        : Backends.PackedBytes(kind, e.Shape[0], e.Shape[1]));

    /// <summary>Powers of ten, as everywhere in the program's output.</summary>
    private static string Text(long bytes) =>
        bytes >= 1e9 ? string.Create(CultureInfo.InvariantCulture, $"{bytes / 1e9:F1} GB")
        : string.Create(CultureInfo.InvariantCulture, $"{bytes / 1e6:F1} MB");
}
