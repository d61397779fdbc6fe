using System.Diagnostics;

namespace LoraCollab.Cli.Profiling;

/// <summary>
/// Memory of training with other batches, sequences and numbers of clients: by the estimate, and as it is held after a step, as long as steps are quick. One
/// lane over
/// the model that is there already.
/// </summary>
internal sealed class MemorySweep(GptModel model, LoraOptions lora, TrainingOptions options)
{
    /// <summary>Seconds after which an axis is no longer measured, and bytes above which nothing is.</summary>
    private const double MeasuredSeconds = 4, MeasuredBytes = 2e9;

    private static readonly int[] s_batches = [1, 2, 4, 8, 16, 32], s_clients = [1, 2, 4, 8, 16, 32, 64];

    public IReadOnlyList<MemoryPoint> Run()
    {
        var lengths = new List<int>();
        for (int t = Math.Min(16, model.Config.Context); t <= model.Config.Context; t *= 2) lengths.Add(t);
        var (b, t0) = (options.BatchSize, options.SequenceLength);
        return
        [
            .. Axis("batch size", s_batches, size => (size, t0, 1)),
            .. Axis("sequence length", lengths, size => (b, size, 1)),
            .. Axis("clients", s_clients, size => (b, t0, size)),
        ];
    }

    private IEnumerable<MemoryPoint> Axis(string name, IEnumerable<int> sizes, Func<int, (int Batch, int Length, int Clients)> at)
    {
        long began = Stopwatch.GetTimestamp();
        foreach (int size in sizes)
        {
            var (batch, length, clients) = at(size);
            var estimate = MemoryEstimate.ForAdapters(model.Config, lora, clients, 1, batch, length,
                new ComputeSize(model.Backend.Kind, model.Backend.Threads));
            bool measured = estimate.Total < MeasuredBytes && Stopwatch.GetElapsedTime(began).TotalSeconds < MeasuredSeconds;
            var groups = Enum.GetValues<MemoryGroup>().Where(g => estimate[g] > 0).ToDictionary(g => g, g => estimate[g]);
            yield return new MemoryPoint(name, size, groups, measured ? Held(batch, length, clients) : null);
        }
    }

    /// <summary>What the base, the clients and their lane hold after a step of the first client; all but the base is given back.</summary>
    private long Held(int batch, int length, int clients)
    {
        var ledger = model.Backend.Memory;
        long before = ledger.Live, held = MemoryGroups.Live(ledger)[MemoryGroup.Base];
        using var lane = model.Backend.CreateLane(model.Backend.Threads);
        using var pass = new GptPass(model, lane, batch, length, PassKind.Lora, lora);
        var training = options with { BatchSize = batch, SequenceLength = length };
        var trainers = Enumerable.Range(0, clients).Select(client => new LoraTrainer(model, lora, training, (uint)client)).ToArray();
        trainers[0].Step(pass, BenchPlan.RandomTokens(model.Config.Vocabulary, options.Seed, stream: 0));
        lane.Synchronize();
        held += ledger.Live - before;
        foreach (var trainer in trainers) trainer.Dispose();
        return held;
    }
}
