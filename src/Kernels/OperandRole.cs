namespace LoraCollab.Kernels;

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
