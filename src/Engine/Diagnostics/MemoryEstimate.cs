using LoraCollab.Data;

namespace LoraCollab.Engine;

/// <summary>Bytes a plan will hold, group by group, counted from the very layouts that are allocated.</summary>
/// <param name="Base">The model's parameters and, where it is trained, their gradient.</param>
/// <param name="Adapters">Adapters and their gradients.</param>
/// <param name="Optimiser">AdamW's two moments.</param>
/// <param name="Activations">What the lanes keep for their backward passes.</param>
/// <param name="Scratch">What the blocks of a lane share.</param>
public sealed record MemoryEstimate(long Base, long Adapters, long Optimiser, long Activations, long Scratch)
{
    /// <summary>Corrected weights (<see cref="WeightCorrection"/>) and what they are made of.</summary>
    public long Corrections { get; init; }

    public long Total => Base + Adapters + Optimiser + Activations + Scratch + Corrections;

    /// <summary>Clients with an adapter each over one frozen base, trained on some lanes.</summary>
    /// <param name="realBytes">Bytes of one number on the backend.</param>
    /// <param name="evaluationBatch">Sequences of a second, forward-only pass that every lane has; 0: none.</param>
    public static MemoryEstimate ForAdapters(
        GptConfig config, LoraOptions lora, int clients, int lanes, int batch, int length, int realBytes = 4, int evaluationBatch = 0)
    {
        long adapter = LoraLayout.Of(config, lora).Length * clients * realBytes;
        var training = new PassLayout(config, checked(batch * length), PassKind.Lora, lora);
        long kept = training.Kept.Length * config.Layers, shared = training.Shared.Length;
        if (evaluationBatch > 0) shared += new PassLayout(config, checked(evaluationBatch * length), PassKind.Forward, lora).Shared.Length;
        return new(config.Layout().Length * realBytes, 2 * adapter, 2 * adapter, kept * lanes * realBytes, shared * lanes * realBytes);
    }

    /// <summary>Training of every parameter on one lane.</summary>
    /// <param name="realBytes">Bytes of one number on the backend.</param>
    public static MemoryEstimate ForFullTraining(GptConfig config, int batch, int length, int realBytes = 4)
    {
        long parameters = config.Layout().Length * realBytes;
        var layout = new PassLayout(config, checked(batch * length), PassKind.Full, null);
        return new(2 * parameters, 0, 2 * parameters, layout.Kept.Length * config.Layers * realBytes, layout.Shared.Length * realBytes);
    }

    /// <summary>Reading with a frozen base, with or without one adapter.</summary>
    /// <param name="realBytes">Bytes of one number on the backend.</param>
    public static MemoryEstimate ForEvaluation(GptConfig config, LoraOptions? lora, int batch, int length, int realBytes = 4)
    {
        long adapter = lora is null ? 0 : LoraLayout.Of(config, lora).Length * realBytes;
        return new(config.Layout().Length * realBytes, adapter, 0, 0, new PassLayout(config, checked(batch * length), PassKind.Forward, lora).Shared.Length * realBytes);
    }

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
        $"base {Text(Base)}, adapters {Text(Adapters)}, optimiser {Text(Optimiser)}, activations {Text(Activations)}, scratch {Text(Scratch)}"
        + (Corrections > 0 ? $", corrected weights {Text(Corrections)}" : "");

    private static string Text(long bytes) => bytes >= 1L << 30 ? $"{bytes / (double)(1L << 30):F1} GiB" : $"{bytes / (double)(1L << 20):F1} MiB";
}
