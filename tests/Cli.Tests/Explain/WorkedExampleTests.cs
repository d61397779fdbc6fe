namespace LoraCollab.Cli.Tests;

/// <summary>The numbers of docs/kernels.md, computed anew in double. Gradients that accumulate begin at zero, as the page says.</summary>
public sealed class WorkedExampleTests
{
    private readonly ReferenceBackend k = new();

    /// <summary>What each example runs; a result is looked up by the name it has on the page.</summary>
    private static readonly Dictionary<string, Action<WorkedExampleTests, WorkedExample, Dictionary<string, View>>> Runs = new()
    {
        ["matmul"] = (t, e, r) =>
        {
            View x = t.Of(e["x"]), dy = t.Of(e["dy"]);
            var w = t.Weight(e["W"], 2, 2);
            t.k.MatMul(r["y"] = t.Zero(4), x, w, t.Of(e["bias"]), 2);
            t.k.MatMulBackwardInput(r["dx"] = t.Zero(4), dy, w, 2);
            t.k.MatMulBackwardWeight(r["dW"] = t.Zero(4), x, dy, 2, 2, 2);
        },
        ["bias"] = (t, e, r) => t.k.BiasBackward(r["db"] = t.Zero(2), t.Of(e["dy"]), 3, 2),
        ["layernorm"] = (t, e, r) =>
        {
            View x = t.Of(e["x"]), gamma = t.Of(e["gamma"]);
            t.k.LayerNorm(r["y"] = t.Zero(4), r["mean"] = t.Zero(1), r["rstd"] = t.Zero(1), x, gamma, t.Of(e["beta"]), 1, 4, (float)e.Number("epsilon"));
            t.k.LayerNormBackward(r["dx"] = t.Zero(4), r["dgamma"] = t.Zero(4), r["dbeta"] = t.Zero(4), t.Of(e["dy"]), x, r["mean"], r["rstd"], gamma, 1, 4);
        },
        ["gelu tanh"] = (t, e, r) => t.Gelu(e, r, GeluForm.Tanh),
        ["gelu erf"] = (t, e, r) => t.Gelu(e, r, GeluForm.Erf),
        ["attention"] = (t, e, r) =>
        {
            var shape = new AttentionShape(1, e.Whole("T"), e.Whole("NH"), 1);
            var qkv = t.Of(e["qkv"]);
            t.k.Attention(r["y"] = t.Zero(2), r["lse"] = t.Zero(2), qkv, shape, DropoutMask.None);
            t.k.AttentionBackward(r["dqkv"] = t.Zero(6), t.Of(e["dy"]), qkv, r["y"], r["lse"], shape, DropoutMask.None);
        },
        ["attention_cached"] = (t, e, r) =>
            t.k.AttentionCached(r["y"] = t.Zero(1), t.Of([.. e["keys"], 0]), t.Of([.. e["values"], 0]),
                t.Of(e["qkv"]), e.Whole("position"), 1, e.Whole("NH"), 1),
        ["embedding"] = (t, e, r) =>
        {
            var ids = t.Ids(e["ids"]);
            t.k.Embedding(r["x"] = t.Zero(4), ids, t.k.Pack("wte", [.. e["wte"].Select(v => (float)v)], 2, 3, transposed: true),
                t.Of(e["wpe"]), 1, e.Whole("T"), 0);
            t.k.EmbeddingBackward(r["dwte"] = t.Zero(6), r["dwpe"] = t.Zero(4), ids, t.Of(e["dx"]), 1, e.Whole("T"), 2);
        },
        ["classifier"] = (t, e, r) =>
        {
            var argmax = t.Ids([0, 0]);
            t.k.Classifier(r["losses"] = t.Zero(2), argmax, r["dx"] = t.Zero(4), r["dw"] = t.Zero(4), t.Of(e["x"]),
                t.Weight(e["W"], 2, 2), t.Ids(e["targets"]), 2, (float)e.Number("scale"));
            r["argmax"] = t.Read(argmax);
        },
        ["classifier_top_k"] = (t, e, r) =>
        {
            var ids = t.Ids([0, 0]);
            t.k.ClassifierTopK(ids, r["logits"] = t.Zero(2), r["lse"] = t.Zero(1), t.Of(e["x"]), t.Weight(e["W"], 2, 2), 1, e.Whole("k"));
            r["ids"] = t.Read(ids);
        },
        ["dropout"] = (t, e, r) =>
        {
            var mask = new DropoutMask((float)e.Number("p"), (ulong)e.Number("seed"), 0, 0, 0);
            t.k.Dropout(r["y"] = t.Zero(8), t.Of(e["x"]), 8, mask);
            t.k.Dropout(r["dx"] = t.Zero(8), t.Of(e["dy"]), 8, mask);
        },
        ["lora"] = (t, e, r) =>
        {
            var shape = new LoraShape(1, 2, 2, 1, (float)e.Number("s"), DropoutMask.None);
            View a = t.Of(e["A"]), b = t.Of(e["B"]), x = t.Of(e["x"]);
            t.k.Lora(r["y"] = t.Of(e["y"]), r["u"] = t.Zero(1), x, a, b, shape);
            t.k.LoraBackward(r["dx"] = t.Zero(2), r["dA"] = t.Zero(2), r["dB"] = t.Zero(2), r["du"] = t.Zero(1), t.Of(e["dy"]), r["u"], x, a, b, shape);
        },
        ["residual"] = (t, e, r) =>
        {
            t.k.Copy(r["to"] = t.Zero(2), t.Of(e["from"]));
            t.k.AddDropout(r["to"], t.Of(e["projected"]), 2, DropoutMask.None);
        },
        ["adamw"] = (t, e, r) => t.k.AdamW(r["parameters"] = t.Of(e["parameters"]), r["m"] = t.Of(e["m"]), r["v"] = t.Of(e["v"]), t.Of(e["gradient"]),
            new AdamWStep(e.Number("lr"), e.Number("beta1"), e.Number("beta2"), e.Number("epsilon"), e.Number("decay"), e.Whole("step"), e.Number("scale"))),
        ["squared_norm"] = (t, e, r) => t.k.SquaredNorm(r["result"] = t.Zero(1), t.Of(e["x"])),
        ["elementwise"] = (t, e, r) =>
        {
            float factor = (float)e.Number("factor");
            t.k.AddScaled(r["add_scaled"] = t.Of(e["y"]), t.Of(e["x"]), factor);
            t.k.Scale(r["scale"] = t.Of(e["y"]), factor);
            t.k.Fill(r["fill"] = t.Zero(2), factor);
        },
    };

    public static TheoryData<string> Names => [.. WorkedExample.All.Select(e => e.Name)];

    [Fact]
    public void Examples_OfThePage_AreThoseThatAreComputedHere() => Assert.Equal(Runs.Keys.Order(), WorkedExample.All.Select(e => e.Name).Order());

    [Theory]
    [MemberData(nameof(Names))]
    public void Example_ComputedAnew_GivesThePagesNumbers(string name)
    {
        var example = WorkedExample.All.Single(e => e.Name == name);
        var results = new Dictionary<string, View>();
        Runs[name](this, example, results);
        Assert.NotEmpty(example.Results);
        foreach (var (what, expected) in example.Results)
        {
            var actual = new double[results[what].Length];
            k.Download(actual.AsSpan(), results[what]);
            Assert.Equal(expected.Length, actual.Length);
            for (int i = 0; i < actual.Length; i++)
                Assert.True(Math.Abs(actual[i] - expected[i]) < 1e-6,
                    $"{name}, {what}[{i}]: the page says {expected[i]}, found {actual[i]}: {string.Join(' ', actual)}");
        }
    }

    private void Gelu(WorkedExample e, Dictionary<string, View> r, GeluForm form)
    {
        var x = Of(e["x"]);
        k.Gelu(r["y"] = Zero(5), x, 5, form);
        k.GeluBackward(r["dx"] = Zero(5), Of(e["dy"]), x, 5, form);
    }

    private View Of(double[] values)
    {
        var view = Zero(values.Length);
        k.Write(view, values);
        return view;
    }

    private View Zero(int length) => k.Allocate("operand", length);

    private IntView Ids(double[] values)
    {
        var view = k.AllocateInts("ids", values.Length);
        k.Write(view, [.. values.Select(v => (int)v)]);
        return view;
    }

    private View Read(IntView ids)
    {
        var values = new int[ids.Length];
        k.Download(values.AsSpan(), ids);
        return Of([.. values.Select(v => (double)v)]);
    }

    private Matrix Weight(double[] values, int ic, int oc) => Matrix.Dense("w", Of(values), ic, oc);
}
