namespace LoraCollab.Engine.Gradients;

/// <summary>What is trained and how, as its gradients are looked at.</summary>
/// <param name="Trained">True where the adapter came from somewhere: its B may not be zero. A whole model always is.</param>
public sealed record GradientSubject(Trainer Trainer, GptPass Pass, bool Trained = true)
{
    /// <summary>Null where the whole model is trained.</summary>
    public LoraAdapter? Adapter => (Trainer as LoraTrainer)?.Adapter;

    public bool IsTrained => Trained || Trainer.Steps > 0;
}
