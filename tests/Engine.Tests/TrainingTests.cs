namespace LoraCollab.Engine.Tests;

/// <summary>Training: it learns, it repeats itself bit for bit, and it goes on where it stopped.</summary>
public class TrainingTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("loracollab-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    internal static readonly LoraOptions AllTargets = new() { Rank = 4, Alpha = 8, Dropout = 0.1f, Targets = LoraTargets.All };

    internal static readonly TrainingOptions Options = new()
    {
        BatchSize = 3,
        AccumulationSteps = 2,
        SequenceLength = 17,
        Seed = 42,
        Dropout = DropoutRates.Of(0.1f, 0.1f),
        Schedule = new OneCycle(5e-3, 20),
        AdamW = new AdamWOptions { ClipNorm = 1 },
    };

    public static TheoryData<BackendKind> Kinds => [BackendKind.Reference, BackendKind.Host];

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Lora_OneBatchOverAndOver_IsLearntByHeart(BackendKind kind)
    {
        using var backend = TestBackends.Create(kind);
        using var model = GptModel.Frozen(backend, new SmallModel(SmallModel.Odd));
        var lora = AllTargets with { Rank = 8, Alpha = 16, Dropout = 0 };
        var options = new TrainingOptions { BatchSize = 1, SequenceLength = 8, Schedule = new ConstantRate(1e-2) };
        using var trainer = new LoraTrainer(model, lora, options, client: 0);
        trainer.Adapter.Initialise(LoraInitialisation.Inputs, 1, 0);
        using var pass = new GptPass(model, backend, 1, 8, PassKind.Lora, lora);
        double first = 0, last = 0;
        for (int step = 0; step < 120; step++)
        {
            last = trainer.Step(pass, SmallModel.Fixed(131));
            if (step == 0) first = last;
        }
        Assert.InRange(first, 3, 20);
        Assert.InRange(last, 0, 0.02);
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Full_OneBatchOverAndOver_IsLearntByHeart(BackendKind kind)
    {
        using var backend = TestBackends.Create(kind);
        using var model = GptModel.ForTraining(backend, new RandomWeights(SmallModel.Odd, 1));
        var decay = new AdamWOptions { DecayVectors = false, WeightDecay = 0.1 };
        var options = new TrainingOptions { BatchSize = 1, SequenceLength = 8, Schedule = new ConstantRate(3e-3), AdamW = decay };
        using var trainer = new FullTrainer(model, options);
        using var pass = new GptPass(model, backend, 1, 8, PassKind.Full);
        double first = trainer.Step(pass, SmallModel.Fixed(131)), last = first;
        for (int step = 1; step < 80; step++) last = trainer.Step(pass, SmallModel.Fixed(131));
        Assert.Equal(Math.Log(131), first, 0.2);
        Assert.InRange(last, 0, 0.02);
    }

    [Fact]
    public void Lora_AnyNumberOfThreads_GivesTheSameBits()
    {
        var one = AfterSteps(BackendKind.Host, threads: 1, steps: 6);
        foreach (int threads in (int[])[2, 3, 4]) Assert.Equal(one, AfterSteps(BackendKind.Host, threads, steps: 6));
    }

    [Fact]
    public void Full_AnyNumberOfThreads_GivesTheSameBits()
    {
        float[] Train(int threads)
        {
            using var backend = TestBackends.Create(BackendKind.Host, threads);
            using var model = GptModel.ForTraining(backend, new RandomWeights(SmallModel.Odd, 1));
            using var trainer = new FullTrainer(model, Options);
            using var pass = new GptPass(model, backend, Options.BatchSize, Options.SequenceLength, PassKind.Full);
            for (int step = 0; step < 4; step++) trainer.Step(pass, SmallModel.Changing(131));
            return Golden.Read(backend, model.Parameters);
        }
        var one = Train(1);
        foreach (int threads in (int[])[2, 4]) Assert.Equal(one, Train(threads));
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Lora_SavedAndResumed_GivesTheSameBits(BackendKind kind)
    {
        string path = Path.Combine(_folder, "state.safetensors");
        var whole = AfterSteps(kind, threads: 2, steps: 6);
        AfterSteps(kind, threads: 2, steps: 3, saveTo: path);

        Assert.Equal(whole, AfterSteps(kind, threads: 1, steps: 3, loadFrom: path));
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Full_SavedAndResumed_GivesTheSameBits(BackendKind kind)
    {
        string path = Path.Combine(_folder, "state.safetensors");
        double[] Train(int steps, bool save, bool load)
        {
            using var backend = TestBackends.Create(kind);
            using var model = GptModel.ForTraining(backend, new RandomWeights(SmallModel.Tiny, 1));
            var options = Options with { SequenceLength = 7 };
            using var trainer = new FullTrainer(model, options);
            using var pass = new GptPass(model, backend, options.BatchSize, options.SequenceLength, PassKind.Full);
            if (load) trainer.Load(TensorBag.Load(path), "", backend);
            for (int step = 0; step < steps; step++) trainer.Step(pass, SmallModel.Changing(13));
            var bag = new TensorBag();
            trainer.Save(bag, "", backend);
            if (save) bag.Save(path);
            var values = new double[model.Layout.Length];
            backend.Download(values.AsSpan(), model.Parameters);
            return values;
        }
        var whole = Train(5, save: false, load: false);
        Train(2, save: true, load: false);

        Assert.Equal(whole, Train(3, save: false, load: true));
    }

    [Fact]
    public void Lora_TwoClientsOnTwoLanesAtOnce_GetTheBitsOfOneAfterTheOther()
    {
        using var backend = TestBackends.Create(BackendKind.Host, 2);
        using var model = GptModel.Frozen(backend, new SmallModel(SmallModel.Odd));
        float[][] Train(bool together)
        {
            LoraTrainer[] clients = [.. Enumerable.Range(0, 2).Select(i => Client(model, (uint)i))];
            void Run(int i)
            {
                using var lane = together ? backend.CreateLane(1) : null;
                using var pass = Pass(model, lane ?? backend);
                for (int step = 0; step < 4; step++) clients[i].Step(pass, SmallModel.Changing(131));
            }
            if (together) Parallel.For(0, 2, Run);
            else for (int i = 0; i < 2; i++) Run(i);
            float[][] adapters = [.. clients.Select(c => Golden.Read(backend, c.Adapter.Parameters))];
            foreach (var client in clients) client.Dispose();
            return adapters;
        }
        var alone = Train(together: false);
        var together = Train(together: true);
        Assert.Equal(alone[0], together[0]);
        Assert.Equal(alone[1], together[1]);
        Assert.NotEqual(alone[0], alone[1]); // their dropout differs
    }

    [Fact]
    public void Lora_FrozenA_MovesBAlone()
    {
        using var backend = Backends.Create(BackendKind.Reference, 1);
        using var model = GptModel.Frozen(backend, new SmallModel(SmallModel.Tiny));
        using var trainer = new LoraTrainer(model, AllTargets, Options with { SequenceLength = 7 }, client: 0) { FreezeA = true };
        trainer.Adapter.Initialise(LoraInitialisation.Inputs, 1, 0);
        using var pass = new GptPass(model, backend, Options.BatchSize, 7, PassKind.Lora, AllTargets);
        var before = Golden.Read(backend, trainer.Adapter.Parameters);
        trainer.Step(pass, SmallModel.Changing(13));
        var after = Golden.Read(backend, trainer.Adapter.Parameters);
        int a = (int)trainer.Adapter.LengthOfA;
        Assert.Equal(before[..a], after[..a]);
        Assert.DoesNotContain(after[a..], value => value == 0);
    }

    [Fact]
    public void Lora_Pulled_HasTheGradientOfThePenalty()
    {
        const double Mu = 0.5;
        using var backend = Backends.Create(BackendKind.Reference, 1);
        using var model = GptModel.Frozen(backend, new SmallModel(SmallModel.Tiny));
        float[] First(double mu, float[] centre, out float[] parameters)
        {
            using var trainer = new LoraTrainer(model, AllTargets, Options with { SequenceLength = 7, AdamW = Options.AdamW with { ClipNorm = 0 } }, client: 0);
            trainer.Adapter.Initialise(LoraInitialisation.Inputs, 1, 0);
            parameters = Golden.Read(backend, trainer.Adapter.Parameters);
            trainer.PullTo(centre, mu);
            using var pass = new GptPass(model, backend, Options.BatchSize, 7, PassKind.Lora, AllTargets);
            trainer.Step(pass, SmallModel.Changing(13));
            return Golden.Read(backend, trainer.Adapter.Gradient);
        }
        float[] centre = [.. Enumerable.Range(0, (int)LoraLayout.Of(SmallModel.Tiny, AllTargets).Length).Select(e => (float)Math.Sin(e))];
        float[] plain = First(0, centre, out _), pulled = First(Mu, centre, out float[] theta);
        for (int e = 0; e < plain.Length; e++) Assert.Equal(plain[e] + Mu * (theta[e] - centre[e]), pulled[e], 1e-6);
    }

    [Fact]
    public void Lora_Training_LeavesTheBaseAsItWas()
    {
        using var backend = Backends.Create(BackendKind.Reference, 1);
        using var model = GptModel.Frozen(backend, new SmallModel(SmallModel.Odd));
        var before = Everything(model);
        using var trainer = Client(model, 0);
        using var pass = Pass(model, backend);
        trainer.Step(pass, Changing131);
        Assert.Equal(before, Everything(model));
    }

    private static readonly BatchFill Changing131 = SmallModel.Changing(131);

    private static float[] Everything(GptModel model) => [.. model.Layout.Entries.SelectMany(e =>
    {
        var values = new float[e.Length];
        model.Read(e.Name, values);
        return values;
    })];

    private static LoraTrainer Client(GptModel model, uint client)
    {
        var trainer = new LoraTrainer(model, AllTargets, Options, client);
        trainer.Adapter.Initialise(LoraInitialisation.Inputs, 9, 0);
        return trainer;
    }

    private static GptPass Pass(GptModel model, ComputeBackend lane) => new(model, lane, Options.BatchSize, Options.SequenceLength, PassKind.Lora, AllTargets);

    private static double[] AfterSteps(BackendKind kind, int threads, int steps, string? saveTo = null, string? loadFrom = null)
    {
        using var backend = TestBackends.Create(kind, threads);
        using var model = GptModel.Frozen(backend, new SmallModel(SmallModel.Odd));
        using var trainer = Client(model, 1);
        using var pass = Pass(model, backend);
        if (loadFrom is not null) trainer.Load(TensorBag.Load(loadFrom), "c.", backend);
        for (int step = 0; step < steps; step++) trainer.Step(pass, Changing131);
        if (saveTo is not null)
        {
            var bag = new TensorBag();
            trainer.Save(bag, "c.", backend);
            bag.Save(saveTo);
        }
        var values = new double[trainer.Adapter.Layout.Length];
        backend.Download(values.AsSpan(), trainer.Adapter.Parameters);
        return values;
    }
}
