namespace LoraCollab.Federation.Adapters;

/// <summary>What the numbers of a flat adapter mean: its targets, and the scale of ΔW = scale · B·A.</summary>
public sealed class AdapterShape
{
    public AdapterShape(IReadOnlyList<AdapterTarget> targets, double scale) =>
        (Targets, Scale, Length) = (targets, scale, targets.Sum(t => t.Rank * (t.IC + t.OC)));

    public IReadOnlyList<AdapterTarget> Targets { get; }

    /// <summary>α/r, or α/√r for rsLoRA.</summary>
    public double Scale { get; }

    /// <summary>Numbers in the flat adapter.</summary>
    public int Length { get; }

    /// <summary>Pairs the tensors NAME.lora_A.weight [r, IC] and NAME.lora_B.weight [OC, r] of a layout.</summary>
    /// <exception cref="ArgumentException">The layout holds something else.</exception>
    public static AdapterShape From(FlatLayout layout, double scale)
    {
        var targets = new List<AdapterTarget>();
        foreach (var a in layout.Entries.Where(e => LoraLayout.IsA(e.Name)))
        {
            string name = a.Name[..^LoraLayout.EndOfA.Length];
            if (!layout.Contains(name + LoraLayout.EndOfB))
                throw new ArgumentException($"the layout has {a.Name} but not {name + LoraLayout.EndOfB}", nameof(layout));
            var b = layout[name + LoraLayout.EndOfB];
            if (b.Shape[1] != a.Shape[0]) throw new ArgumentException($"{a.Name} has rank {a.Shape[0]}, {b.Name} has {b.Shape[1]}", nameof(layout));
            targets.Add(new AdapterTarget(name, a.Shape[1], b.Shape[0], a.Shape[0], checked((int)a.Offset), checked((int)b.Offset)));
        }
        var shape = new AdapterShape(targets, scale);
        return shape.Length == layout.Length ? shape
            : throw new ArgumentException($"the layout has {layout.Length} numbers, its A and B factors have {shape.Length}", nameof(layout));
    }
}

/// <summary>
/// Where one adapted weight's factors lie in the flat adapter: A [r, IC] at <paramref name="AOffset"/>, B [OC, r] at <paramref name="BOffset"/>, row-major.
/// </summary>
public sealed record AdapterTarget(string Name, int IC, int OC, int Rank, int AOffset, int BOffset);
