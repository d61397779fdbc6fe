using System.Runtime.ExceptionServices;

namespace LoraCollab.Federation.Participants;

/// <summary>
/// The lanes of a run: the host's threads split over them. What a client computes does not depend on the lane it runs on.
/// </summary>
internal sealed class Lanes : IDisposable
{
    private const long SmallWorkspaces = 128L << 20;
    private const double ShareOfTheWhole = 0.1;

    private readonly ComputeBackend _backend;
    private readonly Lane[] _lanes;

    public Lanes(GptModel model, int count, int threads, LoraOptions lora, int trainBatch, int evaluationBatch, int sequenceLength)
    {
        _backend = model.Backend;
        _lanes = [.. Enumerable.Range(0, count).Select(l =>
            new Lane(model, MemoryEstimate.ThreadsOf(threads, count, l), lora, trainBatch, evaluationBatch, sequenceLength))];
        foreach (var lane in _lanes.Skip(1)) lane.Backend.Phase = OpPhase.Waiting;
    }

    /// <summary>
    /// How many clients train side by side. Small models gain by a lane for every thread; large ones gain little and pay a workspace for each, so that the
    /// workspaces beyond the first may only take a small part of the whole. No result depends on it.
    /// </summary>
    public static int CountFor(ComputeBackend backend, GptConfig config, CollaborationOptions options, int clients, int threads)
    {
        if (backend.Kind is not (BackendKind.Host or BackendKind.Reference)) return 1;
        var one = RunMemory.Plain(config, options, clients, 1, new ComputeSize(backend.Kind, threads));
        long workspace = Math.Max(1, one.Activations + one.Scratch);
        long allowed = Math.Max(SmallWorkspaces, (long)(ShareOfTheWhole * one.Total)) / workspace;
        return (int)Math.Clamp(Math.Min(threads, 1 + allowed), 1, clients);
    }

    public int Count => _lanes.Length;

    public Lane First => _lanes[0];

    public IEnumerable<ComputeBackend> Backends => _lanes.Select(l => l.Backend);

    /// <summary>
    /// Runs <paramref name="work"/> for 0 … count − 1, each on whichever lane is free; then throws the exception of the lowest number, if there was one.
    /// </summary>
    /// <param name="phase">What the work is for, where it does not say so itself. Before and after it all lanes but the first wait.</param>
    public void ForEach(int count, Action<Lane, int> work, OpPhase phase = OpPhase.Other)
    {
        // Lanes have queues of their own: what was uploaded must have arrived before they begin, and what they computed before anyone reads it.
        _backend.Synchronize();
        var outer = First.Backend.Phase;
        int next = -1;
        var failures = new Exception?[count];
        var threads = _lanes.Skip(1).Select(lane => new Thread(() => Drain(lane)) { Name = "lane" }).ToArray();
        foreach (var thread in threads) thread.Start();
        Drain(_lanes[0]);
        foreach (var thread in threads) thread.Join();
        foreach (var lane in _lanes) lane.Backend.Synchronize();
        First.Backend.Phase = outer;
        if (failures.FirstOrDefault(f => f is not null and not OperationCanceledException) is { } failure) ExceptionDispatchInfo.Throw(failure);
        if (failures.FirstOrDefault(f => f is not null) is { } stopped) ExceptionDispatchInfo.Throw(stopped);

        void Drain(Lane lane)
        {
            lane.Backend.Phase = phase;
            for (int i; (i = Interlocked.Increment(ref next)) < count;)
            {
                try
                {
                    work(lane, i);
                }
                catch (Exception e)
                {
                    failures[i] = e;
                }
            }
            lane.Backend.Phase = Count == 1 ? outer : OpPhase.Waiting;
        }
    }

    public void Dispose()
    {
        foreach (var lane in _lanes) lane.Dispose();
    }
}
