namespace LoraCollab.Bench;

/// <summary>One step of one large case: what a line of the result table is.</summary>
public sealed record OpStepChoice(string Case, int Step)
{
    public static IEnumerable<OpStepChoice> All => OpCases.Large.SelectMany(c => c.Steps.Select((_, i) => new OpStepChoice(c.Name, i)));

    public override string ToString()
    {
        var step = OpCases.Named(Case).Steps[Step];
        return $"{Case}: {step.Op}{(step.IsBackward && !step.Op.Contains("Backward", StringComparison.Ordinal) ? " with gradient" : "")}";
    }
}
