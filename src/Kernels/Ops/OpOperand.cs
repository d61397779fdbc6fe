namespace LoraCollab.Kernels.Ops;

/// <summary>One tensor an op was given: real numbers, token ids or a weight. Not wanted: <see cref="IsEmpty"/>.</summary>
public readonly struct OpOperand
{
    /// <param name="name">The op's parameter.</param>
    /// <param name="view">Where the numbers lie.</param>
    /// <param name="role">What the op does with them.</param>
    /// <param name="columns">Numbers of a row; 0 for a vector.</param>
    public OpOperand(string name, View view, OperandRole role, int columns = 0) => (Name, View, Role, Columns) = (name, view, role, columns);

    public OpOperand(string name, IntView ids, OperandRole role, int columns = 0) => (Name, Ids, Role, Columns) = (name, ids, role, columns);

    /// <summary>A weight is read, never written.</summary>
    public OpOperand(string name, Matrix weight) => (Name, Weight, View) = (name, weight, weight is DenseMatrix dense ? dense.Values : default);

    public string Name { get; }

    public OperandRole Role { get; }

    /// <summary>Numbers of a row, so that the shape is [Length / Columns, Columns]; 0 for a vector, and for a weight, which knows its own shape.</summary>
    public int Columns { get; }

    /// <summary>The real numbers; empty for ids and for a packed weight.</summary>
    public View View { get; }

    public IntView Ids { get; }

    /// <summary>The weight, packed or dense; null for anything else.</summary>
    public Matrix? Weight { get; }

    /// <summary>Numbers or ids; of a weight IC·OC.</summary>
    public long Elements => Weight is { } w ? (long)w.IC * w.OC : View.Length + Ids.Length;

    public bool IsEmpty => View.IsEmpty && Ids.IsEmpty && Weight is null;
}

/// <summary>What an op does with an operand.</summary>
public enum OperandRole
{
    /// <summary>Read alone: must be unchanged afterwards.</summary>
    Input,

    /// <summary>Overwritten (=): holds garbage before, is compared afterwards.</summary>
    Output,

    /// <summary>Added to or changed in place (+=): holds values before, is compared afterwards.</summary>
    Updated,

    /// <summary>Working memory: garbage before, not looked at afterwards.</summary>
    Scratch,
}
