using System.Diagnostics;

namespace LoraCollab.Cli.Bench;

/// <summary>
/// One round of a collaboration on random weights and tokens, by the code that real runs go through: local steps of every client, then trust and mixing. Trust
/// by
/// predictions compares the L1 distance of the 100 largest logits at all positions of 4 batches; trust by validation reads 12 batches a cell; trust by weights
/// takes row-wise cosines.
/// </summary>
internal sealed class RoundBench : IDisposable
{
    private const int PublicBatches = 4, TrustBatches = 12, TopLogits = 100;

    private readonly Workspace workspace;
    private readonly Client[] clients;
    private readonly CollaborationInputs inputs;
    private readonly int steps;

    /// <param name="scheme">weights, validation or prediction; local for no trust.</param>
    public RoundBench(BenchPlan plan, ComputeBackend backend, int count, string scheme)
    {
        var options = new CollaborationOptions
        {
            Schemes = [scheme],
            Seed = BenchPlan.Seed,
            Iterations = plan.Steps + 1,
            PretrainingRounds = plan.Steps + 1,
            BatchSize = plan.Batch,
            SequenceLength = plan.Length,
            Rank = plan.Lora.Rank,
            Alpha = plan.Lora.Alpha,
            LoraDropout = plan.Lora.Dropout,
            Targets = plan.Lora.Targets,
            Dropout = plan.Dropout,
            LearningRate = BenchPlan.Rate,
            WeightsForm = WeightsForm.RowWise,
            PredictionForm = PredictionForm.L1,
            PredictionPositions = "all",
            PredictionK = TopLogits,
            PublicBatches = PublicBatches,
            TrustBatches = TrustBatches,
        }.Resolve();
        steps = plan.Steps;
        inputs = new CollaborationInputs("random", new RandomWeights(plan.Config, BenchPlan.Seed), RandomData(plan, count), backend);
        workspace = new Workspace(options, inputs, plan.Backend.Threads);
        clients = [.. inputs.Data.Clients.Select((data, i) => new Client(i, data, workspace))];
    }

    public readonly record struct Timing(double RoundMs, double TrainMs, double TrustMs, int Lanes);

    /// <summary>One step of one client to warm up, then the round.</summary>
    public Timing Measure(bool trust)
    {
        clients[0].Trainer.Step(workspace.Lanes.First.Training, clients[0].Fill);
        var watch = Stopwatch.StartNew();
        workspace.Lanes.ForEach(clients.Length, (lane, i) =>
        {
            for (int s = 0; s < steps; s++) clients[i].Trainer.Step(lane.Training, clients[i].Fill);
        });
        double train = watch.Elapsed.TotalMilliseconds;
        if (trust) Mix();
        double round = watch.Elapsed.TotalMilliseconds;
        return new Timing(round, train, round - train, workspace.Lanes.Count);
    }

    public void Dispose()
    {
        foreach (var client in clients) client.Dispose();
        workspace.Dispose();
    }

    private void Mix()
    {
        var topology = Topology.Full(clients.Length);
        var adapters = RoundAdapters.Of(Participation.All(clients.Length), clients);
        var round = new TrustRound(workspace, inputs.Data, adapters, topology, steps, _ => { }, CancellationToken.None);
        var context = new StrategyContext(workspace.Options, Distribution.Specific.Name, 0);
        var scores = StrategyRegistry.Create(workspace.Options.Schemes[0], context).Score(round);
        float[][] mixed = AdapterMixer.Mix(round.Adapters, TrustMatrix.From(scores, new TrustRule(topology)));
        for (int i = 0; i < clients.Length; i++) clients[i].Trainer.Adapter.Set(mixed[i]);
    }

    /// <summary>Texts just long enough that every batch is drawn.</summary>
    private static FederatedData RandomData(BenchPlan plan, int count)
    {
        int tokens = (TrustBatches + 1) * plan.TokensPerStep + 2;
        int[] Draw(int stream)
        {
            var random = new CounterRandom(BenchPlan.Seed, RandomPurpose.TrainingWindows, stream);
            return [.. Enumerable.Range(0, tokens).Select(i => random.Below(plan.Config.Vocabulary, i))];
        }
        var texts = Enumerable.Range(0, count).Select(i => new ClientData($"client_{i}", Draw(3 * i), Draw(3 * i + 1), Draw(3 * i + 2), [])).ToArray();
        var manifest = new ClientManifest
        {
            Version = ClientManifest.CurrentVersion,
            Data = "random",
            CorpusHash = "",
            TokenizerHash = "",
            VocabularySize = plan.Config.Vocabulary,
            Distribution = "own",
            Seed = BenchPlan.Seed,
            JoinedBy = "nothing",
            TrustIsReport = false,
            Categories = [],
            Clients = [],
            Reference = new SplitSummary(0, tokens, ""),
        };
        return new FederatedData(texts, Draw(3 * count), manifest);
    }
}
