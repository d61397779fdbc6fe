namespace LoraCollab.Federation.Participants;

/// <summary>
/// How many clients train side by side. Small models gain by a lane for every thread; large ones gain little and pay a workspace for each, so that the workspaces beyond
/// the first may only take a small part of the whole. No result depends on it.
/// </summary>
internal static class LaneCount
{
    private const long SmallWorkspaces = 128L << 20;
    private const double ShareOfTheWhole = 0.1;

    public static int Of(ComputeBackend backend, GptConfig config, CollaborationOptions options, int clients, int threads)
    {
        if (backend.Kind is not (BackendKind.Host or BackendKind.Reference)) return 1;
        var one = RunMemory.Plain(config, options, clients, 1, new ComputeSize(backend.Kind, threads));
        long workspace = Math.Max(1, one.Activations + one.Scratch);
        long allowed = Math.Max(SmallWorkspaces, (long)(ShareOfTheWhole * one.Total)) / workspace;
        return (int)Math.Clamp(Math.Min(threads, 1 + allowed), 1, clients);
    }
}
