namespace LoraCollab.Kernels;

/// <summary>How one op started one kernel on a device.</summary>
/// <param name="Op">The op, as in <see cref="OpCall.Op"/>.</param>
/// <param name="Kernel">The kernel: a method of src/Kernels/Ilgpu.</param>
/// <param name="Grid">Groups.</param>
/// <param name="Group">Threads of a group.</param>
/// <param name="Count">How often it was started like this, by all lanes together.</param>
public sealed record KernelLaunch(string Op, string Kernel, int Grid, int Group, long Count);
