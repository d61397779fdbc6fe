namespace LoraCollab.Federation.Tests;

/// <summary>Two clients, six AdamW steps each, mixed after steps 2 and 4, against libtorch's float64.</summary>
public class LoopGoldenTests
{
    private const int Steps = 6;

    public static TheoryData<BackendKind, string> Folders => GoldenFolder.On(BackendKind.Reference, BackendKind.Host, BackendKind.Cuda, BackendKind.OpenCL);

    [Theory]
    [MemberData(nameof(Folders))]
    public void Loop_TwoClients_EndsWithTheSameAdapters(BackendKind kind, string name)
    {
        using var golden = new GoldenFolder(name);
        using var backend = TestBackends.Open(kind);
        using var model = GptModel.Frozen(backend, golden.Weights);
        var (expected, batches) = (golden.Bag("loop", "expected.safetensors"), golden.Bag("loop", "batches.safetensors"));
        var trust = TrustMatrix.FromWeights([[0.7, 0.3], [0.4, 0.6]]);
        int[] shape = batches.Shape("0.input_ids");
        var start = Enumerable.Range(0, 2).Select(i => PeftAdapter.Load(golden.File("loop", $"client_{i}"), golden.Config)).ToArray();
        using var pass = new GptPass(model, backend, shape[1], shape[2], PassKind.Lora, start[0].Options);
        LoraTrainer[] trainers = [.. start.Select((adapter, i) => Trainer(model, adapter, shape, (uint)i))];
        var losses = new double[2 * Steps];
        for (int step = 0; step < Steps; step++)
        {
            for (int i = 0; i < 2; i++) losses[i * Steps + step] = trainers[i].Step(pass, Fill(batches, i, shape[1] * shape[2]));
            if (step + 1 is 2 or 4) Mix(trainers, trust);
        }
        Tolerance.AssertClose("losses", Tolerance.Widen(expected.Floats("losses")), losses, 1e-5);
        for (int i = 0; i < 2; i++)
        {
            float[] flat = Flat(trainers[i]);
            foreach (var entry in trainers[i].Adapter.Layout.Entries)
                Tolerance.AssertClose($"client_{i}.{entry.Name}", expected.Floats($"client_{i}.{entry.Name}"), trainers[i].Adapter.Layout.Of(flat, entry.Name),
                    1e-5);
            trainers[i].Dispose();
        }
    }

    private static LoraTrainer Trainer(GptModel model, PeftAdapter start, int[] shape, uint client)
    {
        var options = new TrainingOptions
        {
            BatchSize = shape[1],
            SequenceLength = shape[2],
            Schedule = new ConstantRate(1e-3),
            AdamW = new AdamWOptions { WeightDecay = 1e-3 }
        };
        var trainer = new LoraTrainer(model, start.Options, options, client);
        trainer.Adapter.Set(start.Values);
        return trainer;
    }

    private static BatchFill Fill(TensorBag batches, int client, int rows)
    {
        var (ids, targets) = (batches.Ints($"{client}.input_ids"), batches.Ints($"{client}.targets"));
        return (step, _, inputs, next) =>
        {
            ids.AsSpan((int)step * rows, rows).CopyTo(inputs);
            targets.AsSpan((int)step * rows, rows).CopyTo(next);
        };
    }

    private static void Mix(LoraTrainer[] trainers, TrustMatrix trust)
    {
        float[][] mixed = AdapterMixer.Mix([.. trainers.Select(Flat)], trust);
        for (int i = 0; i < trainers.Length; i++) trainers[i].Adapter.Set(mixed[i]);
    }

    private static float[] Flat(LoraTrainer trainer)
    {
        var flat = new float[trainer.Adapter.Layout.Length];
        trainer.Adapter.Download(flat);
        return flat;
    }
}
