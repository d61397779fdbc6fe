namespace LoraCollab.Engine.Diagnostics;

/// <summary>What the calls of one op at one place of the model cost.</summary>
/// <param name="Op">Name of the op, as <c>matmul_backward_input</c>.</param>
/// <param name="Place">Its scope, with * for the number of the block: <c>h.*.attn.c_attn</c>.</param>
/// <param name="Calls">How often it is called with this cost.</param>
/// <param name="Flops">FLOPs of one call.</param>
/// <param name="Bytes">Bytes of one call.</param>
public sealed record CountedOp(string Op, string Place, int Calls, long Flops, long Bytes);
