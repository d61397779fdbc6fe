namespace LoraCollab.Engine.Checkpoints;

/// <summary>Element types of a safetensors file.</summary>
public enum TensorType
{
    F64,
    F32,
    F16,
    BF16,
    I64,
    I32,
    I16,
    I8,
    U8,
    BOOL,
}
