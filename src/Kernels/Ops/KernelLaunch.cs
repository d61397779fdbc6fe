namespace LoraCollab.Kernels.Ops;

/// <summary>How one op started one kernel on a device.</summary>
/// <param name="Op">The op, as in <see cref="OpCall.Op"/>.</param>
/// <param name="Kernel">The kernel: a method of src/Kernels/Ilgpu.</param>
/// <param name="Grid">Groups.</param>
/// <param name="Group">Threads of a group.</param>
/// <param name="Count">How often it was started like this, by all lanes together.</param>
public sealed record KernelLaunch(string Op, string Kernel, int Grid, int Group, long Count);

/// <summary>
/// What a compiled kernel takes of a multiprocessor; null where the driver does not tell: ILGPU's simulator has none, and OpenCL does not speak of registers.
/// </summary>
/// <param name="Kernel">The kernel: a method of src/Kernels/Ilgpu.</param>
/// <param name="SharedBytes">Shared memory of a group: what the driver says, else what the kernel's code declares.</param>
/// <param name="Registers">32-bit registers of a thread.</param>
/// <param name="LocalBytes">Memory of a thread beyond its registers: spilt registers and arrays.</param>
/// <param name="MaxGroup">The largest group the driver would start, given the registers.</param>
/// <param name="GroupsAtOnce">Groups of the size used that fit on a multiprocessor together, as far as registers and shared memory go.</param>
public sealed record KernelResources(string Kernel, long SharedBytes, int? Registers, long? LocalBytes, int? MaxGroup, int? GroupsAtOnce);
