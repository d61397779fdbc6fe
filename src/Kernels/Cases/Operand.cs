namespace LoraCollab.Kernels.Cases;

/// <summary>One argument of a case. Values are made anew at every call, so that a list of cases costs no memory.</summary>
public abstract record Operand(string Name, OperandRole Role, int Length);

/// <summary>Real numbers.</summary>
public sealed record RealOperand(string Name, OperandRole Role, int Length, Func<float[]> Values) : Operand(Name, Role, Length);

/// <summary>Token ids.</summary>
public sealed record IdOperand(string Name, OperandRole Role, int Length, Func<int[]> Values) : Operand(Name, Role, Length);

/// <summary>A weight [IC, OC]; <see cref="Values"/> lie as the form says.</summary>
public sealed record WeightOperand(string Name, int IC, int OC, MatrixForm Form, Func<float[]> Values) : Operand(Name, OperandRole.Input, IC * OC)
{
    public bool Transposed => Form is MatrixForm.DenseTransposed or MatrixForm.PackedTransposed;

    public bool IsPacked => Form is MatrixForm.Packed or MatrixForm.PackedTransposed;
}

/// <summary>The four ways a weight [IC, OC] reaches an op.</summary>
public enum MatrixForm
{
    /// <summary>A view of rows [IC, OC].</summary>
    Dense,

    /// <summary>A view of rows [OC, IC]: a tied or trainable token table.</summary>
    DenseTransposed,

    /// <summary>Packed from rows [IC, OC].</summary>
    Packed,

    /// <summary>Packed from rows [OC, IC].</summary>
    PackedTransposed,
}
