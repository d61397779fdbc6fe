namespace LoraCollab.Kernels.Tests;

/// <summary>Forward passes against numbers that can be worked out on paper; the backward passes are held to these by central differences.</summary>
public sealed class ReferenceBackendTests : IDisposable
{
    private readonly ReferenceBackend _k = new();

    public void Dispose() => _k.Dispose();

    private View Of(params double[] values)
    {
        var view = _k.Allocate("values", values.Length);
        _k.Write(view, values);
        return view;
    }

    private IntView Ids(params int[] ids)
    {
        var view = _k.AllocateInts("ids", ids.Length);
        _k.Write(view, ids);
        return view;
    }

    private double[] Read(View view)
    {
        var values = new double[view.Length];
        _k.Download(values, view);
        return values;
    }

    private int[] Read(IntView view)
    {
        var ids = new int[view.Length];
        _k.Download(ids, view);
        return ids;
    }

    private static void AssertClose(double[] expected, double[] actual) => Tolerance.AssertClose("by hand", expected, actual, 1e-14);

    [Theory, InlineData(false), InlineData(true)]
    public void MatMul_OfTwoRows_IsTheProductPlusBias(bool transposed)
    {
        var w = Matrix.Dense("w", transposed ? Of(1, 4, 2, 5, 3, 6) : Of(1, 2, 3, 4, 5, 6), 2, 3, transposed);
        var y = _k.Allocate("y", 6);
        _k.MatMul(y, Of(1, 10, -1, 0.5), w, Of(100, 200, 300), 2);
        Assert.Equal([141, 252, 363, 101, 200.5, 300], Read(y));
    }

    [Fact]
    public void LayerNorm_OfThreeNumbers_HasTheirMeanAndDeviation()
    {
        View y = _k.Allocate("y", 3), mean = _k.Allocate("mean", 1), rstd = _k.Allocate("rstd", 1);
        _k.LayerNorm(y, mean, rstd, Of(1, 2, 3), Of(1, 1, 2), Of(0, 5, 1), 1, 3, 0);
        double root = 1.224744871391589; // √(3/2): the variance is 2/3
        Assert.Equal([2], Read(mean));
        AssertClose([root], Read(rstd));
        AssertClose([-root, 5, 1 + 2 * root], Read(y));
    }

    [Theory]
    [InlineData(GeluForm.Tanh, 0.8411919906082768, -0.15428599017485606, 2.484915733910001, -7.024594819227126e-05)]
    [InlineData(GeluForm.Erf, 0.8413447460685429, -0.15426876936299344, 2.4844758366855597, -0.00012668496733247991)]
    public void Gelu_OfKnownNumbers_HasTheirKnownValues(GeluForm form, double at1, double atMinusHalf, double at2Point5, double atMinus4)
    {
        var y = _k.Allocate("y", 4);
        _k.Gelu(y, Of(1, -0.5, 2.5, -4), 4, form);
        AssertClose([at1, atMinusHalf, at2Point5, atMinus4], Read(y));
    }

    /// <summary>Two positions, q·k/√HS = 0 and ln 3: the second position takes a quarter of the first value and three quarters of its own.</summary>
    [Fact]
    public void Attention_OfTwoPositions_SeesThePastAndItself()
    {
        View y = _k.Allocate("y", 2), lse = _k.Allocate("lse", 2);
        _k.Attention(y, lse, Of(7, 0, 100, 1, Math.Log(3), 200), new AttentionShape(1, 2, 1, 1), DropoutMask.None);
        AssertClose([100, 0.25 * 100 + 0.75 * 200], Read(y));
        AssertClose([0, Math.Log(1 + 3)], Read(lse));
    }

    [Fact]
    public void AttentionCached_FedInPieces_IsTheWholeAttention()
    {
        const int T = 7, NH = 2, HS = 3, C = NH * HS;
        var qkv = Of(Tolerance.Widen(Cases.CaseValues.Normal("cached in pieces", 3 * T * C)));
        View whole = _k.Allocate("y", T * C), lse = _k.Allocate("lse", T * NH), pieces = _k.Allocate("y", T * C);
        _k.Attention(whole, lse, qkv, new AttentionShape(1, T, NH, HS), DropoutMask.None);

        View keys = _k.Allocate("keys", T * C), values = _k.Allocate("values", T * C);
        foreach (var (position, count) in new[] { (0, 3), (3, 1), (4, 3) })
            _k.AttentionCached(pieces.Slice(position * C, count * C), keys, values, qkv.Slice(3 * position * C, 3 * count * C), position, count, NH, HS);
        Assert.Equal(Read(whole), Read(pieces));
    }

    [Fact]
    public void Embedding_OfTwoSequences_AddsTokenAndPosition()
    {
        var wte = Matrix.Dense("wte", Of(10, 20, 30, 1, 2, 3), 2, 3); // [C, V]
        var x = _k.Allocate("x", 8);
        _k.Embedding(x, Ids(2, 0, 1, 1), wte, Of(-9, -9, 0.5, 0.25, 100, 200), 2, 2, 1);
        Assert.Equal([30.5, 3.25, 110, 201, 20.5, 2.25, 120, 202], Read(x));
    }

    [Fact]
    public void Classifier_OfTwoTokens_IsTheLogisticLoss()
    {
        View losses = _k.Allocate("losses", 3), dx = _k.Allocate("dx", 3);
        var argmax = _k.AllocateInts("argmax", 3);
        _k.Classifier(losses, argmax, dx, default, Of(1, 1, 0), Matrix.Dense("w", Of(0, 1), 1, 2), Ids(1, -1, 0), 3, 2);
        AssertClose([0.31326168751822286, 0, Math.Log(2)], Read(losses)); // log(1 + e⁻¹)
        Assert.Equal([1, 1, 0], Read(argmax));
        AssertClose([2 * (1 / (1 + Math.Exp(-1)) - 1), 0, 2 * 0.5], Read(dx));
    }

    [Fact]
    public void ClassifierTopK_WithEqualLogits_TakesTheLowerId()
    {
        View logits = _k.Allocate("logits", 3), lse = _k.Allocate("lse", 1);
        var ids = _k.AllocateInts("ids", 3);
        _k.ClassifierTopK(ids, logits, lse, Of(1), Matrix.Dense("w", Of(0, 5, 2, 5), 1, 4), 1, 3);
        Assert.Equal([1, 3, 2], Read(ids));
        Assert.Equal([5, 5, 2], Read(logits));
        AssertClose([Math.Log(1 + 2 * Math.Exp(5) + Math.Exp(2))], Read(lse));
    }

    [Fact]
    public void Lora_OfRankOne_AddsTheScaledOuterProduct()
    {
        View y = Of(1000, 2000), u = _k.Allocate("u", 1);
        _k.Lora(y, u, Of(1, 2, 3), Of(1, 10, 100), Of(1, -1), new LoraShape(1, 3, 2, 1, 0.5f, DropoutMask.None));
        Assert.Equal([321], Read(u));
        Assert.Equal([1160.5, 1839.5], Read(y));
    }

    [Fact]
    public void Dropout_OfOnes_IsTheMaskTimesItsScale()
    {
        var mask = new DropoutMask(0.5f, 1, 2, 3, 4);
        View y = _k.Allocate("y", 100), ones = _k.Allocate("ones", 100);
        _k.Fill(ones, 1);
        _k.Dropout(y, ones, 100, mask);
        Assert.Equal(Enumerable.Range(0, 100).Select(e => mask.Keeps(e) ? 2.0 : 0), Read(y));
    }

    /// <summary>At the first step m̂ = g and v̂ = g², so that the parameter moves by lr against the gradient's sign, after decaying by lr·λ.</summary>
    [Fact]
    public void AdamW_AtTheFirstStep_MovesByTheLearningRate()
    {
        View parameters = Of(1, 1), m = _k.Allocate("m", 2), v = _k.Allocate("v", 2);
        _k.AdamW(parameters, m, v, Of(3, -0.5), new AdamWStep(0.1, 0.9, 0.99, 0, WeightDecay: 0.5, Step: 1, GradientScale: 2));
        AssertClose([0.95 - 0.1, 0.95 + 0.1], Read(parameters));
        AssertClose([0.6, -0.1], Read(m));
        AssertClose([0.36, 0.01], Read(v));
    }

    [Fact]
    public void Pack_OfEitherOrder_UnpacksToEither()
    {
        using var w = _k.Pack("w", [1, 2, 3, 4, 5, 6], 2, 3);
        using var t = _k.Pack("t", [1, 4, 2, 5, 3, 6], 2, 3, transposed: true);
        foreach (var matrix in new[] { w, t })
        {
            float[] rows = new float[6], columns = new float[6];
            _k.Unpack(rows, matrix);
            _k.Unpack(columns, matrix, transposed: true);
            Assert.Equal([1, 2, 3, 4, 5, 6], rows);
            Assert.Equal([1, 4, 2, 5, 3, 6], columns);
        }
        Assert.Contains("w: 2 × 3", Assert.Throws<ArgumentException>(() => _k.Unpack(new float[5], w)).Message);
    }

    [Fact]
    public void Backend_ByKind_IsTheReferenceWithEightByteReals()
    {
        using var backend = Backends.Create(BackendKind.Reference, 3);
        Assert.Equal((BackendKind.Reference, 1, 8), (backend.Kind, backend.Threads, backend.RealBytes));
    }
}
