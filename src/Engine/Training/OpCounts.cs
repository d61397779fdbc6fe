using System.Text.RegularExpressions;

namespace LoraCollab.Engine.Training;

/// <summary>Every op of a step of a model of any size and its cost, without memory or arithmetic: the real code runs on a device that only counts.</summary>
public static partial class OpCounts
{
    /// <summary>One step of training an adapter, with clipping.</summary>
    public static IReadOnlyList<CountedOp> AdapterStep(GptConfig config, LoraOptions lora, TrainingOptions options)
    {
        using var lane = new CountingBackend();
        using var model = GptModel.Frozen(lane, new NoWeights(config));
        using var trainer = new LoraTrainer(model, lora, options, client: 0);
        using var pass = trainer.NewPass(lane);
        return Count(lane, () => trainer.Step(pass, Nothing));
    }

    /// <summary>One step of training every parameter.</summary>
    public static IReadOnlyList<CountedOp> FullStep(GptConfig config, TrainingOptions options)
    {
        using var lane = new CountingBackend();
        using var model = GptModel.ForTraining(lane, new NoWeights(config));
        using var trainer = new FullTrainer(model, options);
        using var pass = trainer.NewPass(lane);
        return Count(lane, () => trainer.Step(pass, Nothing));
    }

    /// <summary>The losses of one batch, without an adapter.</summary>
    public static IReadOnlyList<CountedOp> Evaluation(GptConfig config, int batch, int length)
    {
        using var lane = new CountingBackend();
        using var model = GptModel.Frozen(lane, new NoWeights(config));
        using var pass = new GptPass(model, lane, batch, length, PassKind.Forward);
        return Count(lane, () => pass.Evaluate(new int[batch * length], new int[batch * length], batch, null));
    }

    /// <summary>The <paramref name="k"/> most probable tokens at every position of one batch.</summary>
    public static IReadOnlyList<CountedOp> Predictions(GptConfig config, int batch, int length, int k)
    {
        using var lane = new CountingBackend();
        using var model = GptModel.Frozen(lane, new NoWeights(config));
        using var pass = new GptPass(model, lane, batch, length, PassKind.Forward);
        int rows = batch * length;
        using var reader = new PredictionReader(pass, rows, k);
        return Count(lane, () => reader.Read(
            new int[rows], batch, null, [.. Enumerable.Range(0, rows)], new int[rows * k], new double[rows * k], new double[rows]));
    }

    /// <summary>One new token of a text that has <paramref name="length"/> with it.</summary>
    public static IReadOnlyList<CountedOp> NewToken(GptConfig config, int length)
    {
        using var lane = new CountingBackend();
        using var model = GptModel.Frozen(lane, new NoWeights(config));
        using var pass = new GptPass(model, lane, 1, length, PassKind.Forward);
        using var cache = new KeyValueCache(lane, config, length);
        if (length > 1) pass.Trunk(new int[length - 1], 1, null, cache: cache);
        return Count(lane, () => pass.Trunk(new int[1], 1, null, cache: cache));
    }

    private static CountedOp[] Count(CountingBackend lane, Action step)
    {
        var recorder = new Recorder();
        lane.Observer = recorder;
        step();
        return [.. recorder.Calls.GroupBy(call => call).Select(same => same.Key with { Calls = same.Count() })];
    }

    private static void Nothing(long step, int micro, Span<int> inputs, Span<int> targets)
    {
        inputs.Clear();
        targets.Clear();
    }

    private sealed class Recorder : IOpObserver
    {
        public List<CountedOp> Calls { get; } = [];

        public void Before(in OpCall call) => Calls.Add(new CountedOp(call.Op, BlockNumber().Replace(call.Scope, "h.*."), 1, call.Flops, call.Bytes));

        public void After(in OpCall call) { }
    }

    /// <summary>Leaves the memory it is given as it is: nobody reads it.</summary>
    private sealed class NoWeights(GptConfig config) : IWeights
    {
        public GptConfig Config => config;

        public void Read(string name, Span<float> destination) { }
    }

    [GeneratedRegex(@"^h\.\d+\.")]
    private static partial Regex BlockNumber();
}

/// <summary>What the calls of one op at one place of the model cost.</summary>
/// <param name="Op">Name of the op, as <c>matmul_backward_input</c>.</param>
/// <param name="Place">Its scope, with * for the number of the block: <c>h.*.attn.c_attn</c>.</param>
/// <param name="Calls">How often it is called with this cost.</param>
/// <param name="Flops">FLOPs of one call.</param>
/// <param name="Bytes">Bytes of one call.</param>
public sealed record CountedOp(string Op, string Place, int Calls, long Flops, long Bytes);
