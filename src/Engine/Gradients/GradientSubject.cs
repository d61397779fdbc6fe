namespace LoraCollab.Engine.Gradients;

/// <summary>What is trained and how, as its gradients are looked at: an adapter over a frozen base, or a whole model.</summary>
public sealed record GradientSubject
{
    private GradientSubject() { }

    public required GptPass Pass { get; init; }

    /// <summary>Null where the whole model is trained.</summary>
    public LoraAdapter? Adapter { get; private init; }

    public required View Parameters { get; init; }
    public required View Gradient { get; init; }
    public required FlatLayout Layout { get; init; }
    public required AdamW Optimiser { get; init; }
    public required TrainingOptions Options { get; init; }

    /// <summary>Steps that were taken before.</summary>
    public required long Steps { get; init; }

    /// <summary>True where the adapter came from somewhere: its B may not be zero any more.</summary>
    public bool IsTrained { get; init; }

    public static GradientSubject Of(LoraTrainer trainer, GptPass pass, TrainingOptions options, bool trained) => new()
    {
        Pass = pass,
        Adapter = trainer.Adapter,
        Parameters = trainer.Adapter.Parameters,
        Gradient = trainer.Adapter.Gradient,
        Layout = trainer.Adapter.Layout,
        Optimiser = trainer.Optimiser,
        Options = options,
        Steps = trainer.Steps,
        IsTrained = trained || trainer.Steps > 0,
    };

    public static GradientSubject Of(FullTrainer trainer, GptPass pass, TrainingOptions options) => new()
    {
        Pass = pass,
        Parameters = pass.Model.Parameters,
        Gradient = pass.Model.Gradient,
        Layout = pass.Model.Layout,
        Optimiser = trainer.Optimiser,
        Options = options,
        Steps = trainer.Steps,
        IsTrained = true,
    };
}
