namespace LoraCollab.Report.Profiles;

/// <summary>
/// How an op started a kernel on a device, and what the kernel takes of it; null where the driver does not tell (<see cref="KernelResources"/>).
/// </summary>
/// <param name="Op">The op.</param>
/// <param name="Kernel">A method of src/Kernels/Ilgpu.</param>
/// <param name="Grid">Groups.</param>
/// <param name="Group">Threads of a group.</param>
/// <param name="Launches">How often it was started like this after warming up.</param>
/// <param name="SharedBytes">Shared memory of a group.</param>
/// <param name="Registers">32-bit registers of a thread.</param>
/// <param name="LocalBytes">Memory of a thread beyond its registers.</param>
/// <param name="MaxGroup">The largest group that the driver would start.</param>
/// <param name="GroupsAtOnce">Groups that fit on a multiprocessor together.</param>
public sealed record ProfileKernel(
    string Op, string Kernel, int Grid, int Group, long Launches, long SharedBytes, int? Registers = null,
    long? LocalBytes = null, int? MaxGroup = null, int? GroupsAtOnce = null)
{
    /// <summary>All kernels that were started, the most frequent first; null where ops are no kernels.</summary>
    public static IReadOnlyList<ProfileKernel>? Of(ComputeBackend backend)
    {
        var launches = backend.Launches();
        if (launches.Count == 0) return null;
        var resources = backend.Resources().ToDictionary(r => r.Kernel);
        return [.. launches.Select(l => (Of: resources[l.Kernel], l.Op, l.Kernel, l.Grid, l.Group, l.Count)).Select(k => new ProfileKernel(
            k.Op, k.Kernel, k.Grid, k.Group, k.Count, k.Of.SharedBytes, k.Of.Registers, k.Of.LocalBytes, k.Of.MaxGroup, k.Of.GroupsAtOnce))];
    }
}
