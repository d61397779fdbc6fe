namespace LoraCollab.Kernels.Cases;

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
