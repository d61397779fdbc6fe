namespace LoraCollab.Engine.Tests;

public sealed class OpCheckerTests : IDisposable
{
    private static readonly LoraOptions Lora = new() { Rank = 2, Alpha = 4, Targets = LoraTargets.All };
    private readonly string _folder = Directory.CreateTempSubdirectory("op-checker").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    /// <summary>Makes a NaN in the product of one projection and nowhere else.</summary>
    private sealed class Faulty(string scope) : ReferenceBackend
    {
        protected override void MatMulCore(View y, View x, Matrix w, View bias, int rows)
        {
            base.MatMulCore(y, x, w, bias, rows);
            if (Scope == scope) Write(y.Slice(w.OC + 1, 1), [double.NaN]);
        }
    }

    /// <summary>Writes one word further than it was told.</summary>
    private sealed class Careless : ReferenceBackend
    {
        protected override void ScaleCore(View y, float factor) => base.ScaleCore(new View(y.Buffer, y.Offset, y.Length + 1), factor);
    }

    /// <summary>Writes into the guard words of another buffer than it was given.</summary>
    private sealed class Astray : ReferenceBackend
    {
        public View Target { get; set; }

        protected override void FillCore(View y, float value)
        {
            base.FillCore(y, value);
            Write(new View(Target.Buffer, Target.Offset - 3, 1), [7.5]);
        }
    }

    private static OpFaultException Train(ComputeBackend backend, IWeights weights)
    {
        using var model = GptModel.Frozen(backend, weights);
        using var trainer = new LoraTrainer(model, Lora, new TrainingOptions { BatchSize = 1, SequenceLength = 4 }, client: 0);
        trainer.Adapter.Set(SmallModel.AdapterValues(model.Config, Lora));
        using var pass = new GptPass(model, backend, 1, 4, PassKind.Lora, Lora);
        return Assert.Throws<OpFaultException>(() => trainer.Step(pass, SmallModel.Fixed(13)));
    }

    [Fact]
    public void Step_AFaultyKernelInOneLayer_IsNamedWithElementAndFile()
    {
        using var backend = new Faulty("h.1.attn.c_attn");
        OpChecker.Attach(backend, _folder);

        var error = Train(backend, new SmallModel(SmallModel.Tiny));

        Assert.Contains("matmul in h.1.attn.c_attn wrote y[1, 1] = NaN, at step 0", error.Message);
        Assert.Equal(Path.Combine(_folder, "debug-matmul-0.safetensors"), error.File);
        var bag = TensorBag.Load(error.File);
        Assert.Equal("h.1.attn.c_attn", bag.Metadata["scope"]);
        Assert.Equal(["in.bias", "in.w", "in.x", "out.y"], bag.Names.Order(StringComparer.Ordinal));
        Assert.Equal([4, 24], bag.Shape("out.y"));
        // The op's inputs are sound: the reference backend makes of them what the file says, but for the planted element.
        var expected = MatMulOf(bag);
        float[] found = bag.Floats("out.y");
        for (int i = 0; i < found.Length; i++)
            if (i == 24 + 1) Assert.True(float.IsNaN(found[i]));
            else Assert.Equal((float)expected[i], found[i]);
    }

    [Theory]
    [InlineData(BackendKind.Reference)]
    [InlineData(BackendKind.Host)]
    public void Step_AnInfiniteWeightOfALayer_ReadsBackWithInputsThatReproduceIt(BackendKind kind)
    {
        using var backend = TestBackends.Create(kind);
        OpChecker.Attach(backend, _folder);
        var error = Train(backend, new Altered(new SmallModel(SmallModel.Tiny), "h.1.mlp.c_fc.weight", values => values.Fill(float.PositiveInfinity)));

        Assert.Contains("matmul in h.1.mlp.c_fc wrote y[0, 0]", error.Message);
        var bag = TensorBag.Load(error.File);
        double[] again = MatMulOf(bag);
        Assert.Equal(bag.Floats("out.y").Select(float.IsFinite), again.Select(x => float.IsFinite((float)x)));
    }

    /// <summary>x·W + bias of a file, by the reference backend.</summary>
    private static double[] MatMulOf(TensorBag bag)
    {
        using var reference = new ReferenceBackend();
        int[] x = bag.Shape("in.x"), w = bag.Shape("in.w");
        View Of(string name)
        {
            var view = reference.Allocate(name, bag.Floats(name).Length);
            bag.Read(name, reference, view);
            return view;
        }
        var y = reference.Allocate("y", (long)x[0] * w[1]);
        reference.MatMul(y, Of("in.x"), Matrix.Dense("w", Of("in.w"), w[0], w[1]), Of("in.bias"), x[0]);
        var values = new double[y.Length];
        reference.Download(values.AsSpan(), y);
        return values;
    }

    [Fact]
    public void After_OneWordPastTheBuffer_NamesTheWord()
    {
        using var backend = new Careless();
        OpChecker.Attach(backend, _folder);
        var y = backend.Allocate("activations", 5);
        var error = Assert.Throws<OpFaultException>(() => backend.Scale(y, 2));
        Assert.Contains("scale in  wrote outside its operands", error.Message);
        Assert.Contains("'activations'", error.Message);
    }

    [Fact]
    public void After_OneWordIntoTheNextTensorOfABuffer_IsFoundThoughNoGuardWordIsHit()
    {
        using var backend = new Careless();
        var flat = backend.Allocate("flat", 10);
        backend.Write(flat, [.. Enumerable.Range(1, 10).Select(i => (float)i)]);
        OpChecker.Attach(backend, _folder);
        var error = Assert.Throws<OpFaultException>(() => backend.Scale(flat.Slice(2, 3), 2));
        Assert.Contains("element 5 of the buffer 'flat' changed from 6 to 12", error.Message);
        var bag = TensorBag.Load(error.File);
        Assert.Equal([3f, 4f, 5f], bag.Floats("in.y"));
        Assert.Equal([6f, 8f, 10f], bag.Floats("out.y"));
    }

    [Fact]
    public void After_AWriteIntoAnotherBuffersGuard_NamesThatBuffer()
    {
        using var backend = new Astray();
        OpChecker.Attach(backend, _folder);
        backend.Target = backend.Allocate("weights", 4);
        var error = Assert.Throws<OpFaultException>(() => backend.Fill(backend.Allocate("y", 4), 1));
        Assert.Contains("the word 3 before the buffer 'weights' is now 7.5", error.Message);
    }

    [Fact]
    public void After_AnInfinityOnTheSimulator_IsFoundByDownload()
    {
        using var backend = TestBackends.Create(BackendKind.Simulator);
        OpChecker.Attach(backend, _folder);
        View y = backend.Allocate("y", 3), x = backend.Allocate("x", 3);
        backend.Write(x, [1f, 2f, 3e38f]);
        backend.AddScaled(y, x, 1);
        var error = Assert.Throws<OpFaultException>(() => backend.AddScaled(y, x, 1));
        Assert.Contains("wrote y[2] = Infinity", error.Message);
        var bag = TensorBag.Load(error.File);
        Assert.Equal([1f, 2f, 3e38f], bag.Floats("in.y"));
        Assert.Equal([2f, 4f, float.PositiveInfinity], bag.Floats("out.y"));
    }

    [Theory]
    [InlineData(BackendKind.Reference)]
    [InlineData(BackendKind.Host)]
    public void Step_UnderTheChecker_HasTheSameBits(BackendKind kind)
    {
        Assert.Equal(AfterThreeSteps(kind, check: false), AfterThreeSteps(kind, check: true));
        Assert.Empty(Directory.EnumerateFiles(_folder));
    }

    private float[] AfterThreeSteps(BackendKind kind, bool check)
    {
        using var backend = TestBackends.Create(kind);
        if (check) OpChecker.Attach(backend, _folder);
        using var model = GptModel.Frozen(backend, new SmallModel(SmallModel.Odd));
        var options = new TrainingOptions { BatchSize = 2, SequenceLength = 7, AccumulationSteps = 2, Dropout = DropoutRates.Of(0.1f, 0.1f) };
        using var trainer = new LoraTrainer(model, Lora, options, client: 0);
        trainer.Adapter.Set(SmallModel.AdapterValues(model.Config, Lora));
        using var pass = new GptPass(model, backend, 2, 7, PassKind.Lora, Lora);
        for (int step = 0; step < 3; step++) trainer.Step(pass, SmallModel.Changing(131));
        var values = new float[trainer.Adapter.Layout.Length];
        trainer.Adapter.Download(values);
        return values;
    }
}
