namespace LoraCollab.Federation;

/// <summary>What a run will do, before it does it.</summary>
public sealed record RunPlan
{
    /// <summary>AdamW steps of all clients under all schemes; the shared iterations count once.</summary>
    public required long Steps { get; init; }

    /// <summary>Tokens read in those steps.</summary>
    public required long TrainTokens { get; init; }

    /// <summary>Tokens read in reporting.</summary>
    public required long EvaluationTokens { get; init; }

    /// <summary>Tokens read because a trust scheme asks.</summary>
    public required long TrustTokens { get; init; }

    /// <summary>Aggregations of one scheme.</summary>
    public required int Aggregations { get; init; }

    /// <summary>Numbers in one adapter.</summary>
    public required int AdapterParameters { get; init; }

    /// <summary>Bytes the run folder will hold in the end, about.</summary>
    public required long DiskBytes { get; init; }

    /// <summary>Clients that train side by side.</summary>
    public required int Lanes { get; init; }

    /// <summary>What the run holds in memory.</summary>
    public required MemoryEstimate Memory { get; init; }

    /// <summary>All of it, in tokens read.</summary>
    public double Work => ITrustRound.TrainingCost * TrainTokens + EvaluationTokens + TrustTokens;

    internal static RunPlan Of(CollaborationOptions options, CollaborationInputs inputs, RunSettings settings)
    {
        var (data, config) = (inputs.Data, inputs.Weights.Config);
        int adapterParameters = checked((int)LoraLayout.Of(config, options.AdapterForm()).Length);
        int lanes = Participants.Lanes.CountFor(inputs.Backend, config, options, data.Clients.Count, settings.Threads);
        int n = data.Clients.Count, aggregations = options.Aggregations().Count(), schemes = options.Schemes.Count;
        int mixing = StrategyRegistry.Of(options).Count(d => d.Mixes);
        var context = StrategyContext.Of(options, data);
        var methods = options.Schemes.Select(name => StrategyRegistry.Create(name, context)).ToArray();
        long steps = n * ((methods.All(m => m.Local.FreezeA) ? 0 : options.SharedIterations) + methods.Sum(StepsOf));
        bool before = !options.Compat.IsPaper(Trap.EvaluatedAfterOnly);
        long reading = Report(0);
        foreach (int iteration in options.Aggregations())
        {
            // Before the first mix once for all schemes; Local once a round, the others before and after.
            bool first = iteration == options.SharedIterations;
            int evaluations = (first && before ? 1 : 0) + (schemes - mixing) * (first && before ? 0 : 1) + mixing * (before && !first ? 2 : 1);
            reading += evaluations * Report(iteration);
        }
        var topology = Topology.Parse(options.Topology, n);
        long texts = Enumerable.Range(0, n).Sum(i => TrustText.Tokens(options, data.Clients[i]));
        long validation = Enumerable.Range(0, n).Sum(i => (topology.Degree(i) + 1) * TrustText.Tokens(options, data.Clients[i]));
        long publicText = (long)options.PublicBatches * options.BatchSize * options.SequenceLength;
        long rounds = settings.KeepRounds switch { KeepRounds.All => aggregations, KeepRounds.Last => 1, _ => 0 };
        return new RunPlan
        {
            Steps = steps,
            TrainTokens = steps * options.BatchSize * options.AccumulationSteps * options.SequenceLength,
            EvaluationTokens = reading,
            TrustTokens = aggregations * methods.Sum(TrustOf),
            Aggregations = aggregations,
            AdapterParameters = adapterParameters,
            Lanes = lanes,
            Memory = RunMemory.Of(options, inputs, methods, lanes, new ComputeSize(inputs.Backend.Kind, settings.Threads)),
            DiskBytes = 4L * n * (adapterParameters * (mixing * rounds + schemes + 6)
                + (methods.Any(m => m.Traffic.HasFlag(Traffic.Corrections)) ? WeightCorrection.LayoutOf(config, options.AdapterForm()).Length : 0)),
        };

        long TrustOf(IStrategy m)
        {
            var cost = m.Cost(n);
            return (long)(cost.Readings * texts) + (cost.JudgesPeers ? validation : 0) + cost.PublicModels * publicText;
        }

        long StepsOf(IStrategy m) =>
            m.Local.FreezeA ? options.Iterations : (m.Local.TrainsShared ? 2L : 1L) * (options.Iterations - options.SharedIterations);

        long Report(int iteration) => data.Clients.Sum(c => ReportEvaluator.Tokens(options, c, iteration));
    }
}
