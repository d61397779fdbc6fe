namespace LoraCollab.Engine.Training;

// Options of a training step, declared once for all records that have them.

public sealed class IterationsOptionAttribute : OptionAttribute
{
    public IterationsOptionAttribute() : base("iterations", OptionGroup.Training, "Optimiser steps; of a collaboration those of every client.") =>
        (Least, Also, Common) = (1, ["steps"], true);
}

public sealed class BatchSizeOptionAttribute : OptionAttribute
{
    /// <summary>More tokens in a batch than these could not be addressed.</summary>
    private const int MostTokens = 1 << 30;

    public BatchSizeOptionAttribute() : base("batch-size", OptionGroup.Training, "Sequences per micro-batch.") => (Least, Also) = (1, ["batch"]);

    /// <exception cref="OptionException">Batch and length together have more tokens than can be addressed.</exception>
    public static void RequireAddressable(int batch, int length)
    {
        if ((long)batch * length > MostTokens)
            throw new OptionException("batch-size", batch, $"with {length} tokens per sequence a batch would have {(long)batch * length} tokens, "
                + $"more than the {MostTokens} that can be addressed");
    }
}

public sealed class SequenceLengthOptionAttribute : OptionAttribute
{
    public SequenceLengthOptionAttribute() : base("sequence-length", OptionGroup.Training, "Tokens per sequence, at most the model's context.") =>
        (Value, Least, Also) = ("T", 1, ["seq"]);
}

public sealed class AccumulationOptionAttribute : OptionAttribute
{
    public AccumulationOptionAttribute() : base("acc-steps", OptionGroup.Training, "Micro-batches whose gradients make one step.") => Least = 1;
}

public sealed class LearningRateOptionAttribute : OptionAttribute
{
    public LearningRateOptionAttribute() : base("lr", OptionGroup.Training, "Peak learning rate.") => (Least, AboveLeast, Common) = (0, true, true);
}

public sealed class DropoutOptionAttribute : OptionAttribute
{
    public DropoutOptionAttribute() : base("dropout", OptionGroup.Training, "Dropout on embedding, attention and residual branches in training.") =>
        (Value, Least, Most, BelowMost) = ("P", 0, 1, true);
}

public sealed class WeightDecayOptionAttribute : OptionAttribute
{
    public WeightDecayOptionAttribute() : base("weight-decay", OptionGroup.Training, "AdamW's weight decay.") => Least = 0;
}

public sealed class CheckpointEveryOptionAttribute : OptionAttribute
{
    public CheckpointEveryOptionAttribute() : base("checkpoint-every", OptionGroup.Output, "Iterations between checkpoints.") => Least = 1;
}

public sealed class ResumeOptionAttribute : OptionAttribute
{
    public ResumeOptionAttribute()
        : base("resume", OptionGroup.Output, "Go on from the folder's last checkpoint; the result has the same bits as an uninterrupted run.") => Common = true;
}

public sealed class FreshOptionAttribute() : OptionAttribute("fresh", OptionGroup.Output, "Run anew even if the folder holds a result.")
{
}
