namespace LoraCollab.Federation.Participants;

/// <summary>What a run's backend will hold: a base, its clients, its lanes, and what its methods want besides.</summary>
internal static class RunMemory
{
    /// <param name="on">The backend, and the threads of all lanes together.</param>
    public static MemoryEstimate Of(CollaborationOptions options, CollaborationInputs inputs, IReadOnlyList<IStrategy> methods, int lanes, ComputeSize on)
    {
        var config = inputs.Weights.Config;
        int clients = inputs.Data.Clients.Count;
        int k = methods.Any(m => m.Traffic.HasFlag(Traffic.Predictions)) ? Math.Min(options.PredictionK, config.Vocabulary) : 0;
        var plain = Plain(config, options, clients, lanes, on, k);
        long adapter = LoraLayout.Of(config, options.AdapterForm()).Length * on.RealBytes;
        // A lane holds a peer's adapter while it reads; one with a gradient where a method asks for gradients at other clients' models.
        long peers = lanes * adapter * (methods.Any(m => m.Declared.Needs.HasFlag(StrategyNeeds.Gradients)) ? 3 : 1);
        bool shared = methods.Any(m => m.Local.TrainsShared);
        long centres = methods.Any(m => m.Local.Pull > 0) ? clients * adapter : 0;
        return plain with
        {
            Adapters = plain.Adapters * (shared ? 2 : 1) + peers + centres,
            Optimiser = plain.Optimiser * (shared ? 2 : 1),
            Scratch = plain.Scratch + lanes * PredictionBytes(config, options, k, on.RealBytes),
        };
    }

    /// <summary>The same for a run of the plainest method.</summary>
    /// <param name="topK">Tokens that a lane is asked for at public positions; 0: none.</param>
    public static MemoryEstimate Plain(GptConfig config, CollaborationOptions options, int clients, int lanes, ComputeSize on, int topK = 0)
    {
        var lora = options.AdapterForm();
        var adapters = MemoryEstimate.ForAdapters(
            config, lora, clients, lanes, options.BatchSize, options.SequenceLength, on, Workspace.EvaluationBatchOf(options), topK);
        return adapters with { Corrections = CorrectionBytes(config, options, clients, on.RealBytes) };
    }

    /// <summary>
    /// What corrections of weights take at most: for every neighbourhood, which without a topology is one for all, the corrected weights on the backend, and on
    /// the host what is added to them before and after a mix, in float32.
    /// </summary>
    private static long CorrectionBytes(GptConfig config, CollaborationOptions options, int clients, int realBytes)
    {
        if (!StrategyRegistry.Of(options).Any(d => d.Traffic.HasFlag(Traffic.Corrections))) return 0;
        var topology = Topology.Parse(options.Topology, clients);
        int neighbourhoods = Enumerable.Range(0, clients).Select(topology.Neighbourhood).Distinct().Count();
        return neighbourhoods * WeightCorrection.LayoutOf(config, options.AdapterForm()).Length * (2 * sizeof(float) + realBytes);
    }

    /// <summary>A lane's room for the predictions at public positions: the chosen rows, and k logits and ids and one log-sum for each.</summary>
    private static long PredictionBytes(GptConfig config, CollaborationOptions options, int k, int realBytes)
    {
        if (k == 0) return 0;
        int windows = options.PublicBatches * options.BatchSize, rows = windows * options.SequenceLength;
        var form = PublicPositions.Parse(options.PredictionPositions!);
        int positions = form.Kind switch { PublicPositionsKind.All => rows, PublicPositionsKind.Last => windows, _ => Math.Min(form.Count, rows) };
        long room = Math.Min(positions, Workspace.EvaluationBatchOf(options) * options.SequenceLength);
        return room * (((long)config.Channels + k + 1) * realBytes + k * sizeof(int));
    }
}
