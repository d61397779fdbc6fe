using System.Text.RegularExpressions;

namespace LoraCollab.Cli.Tests;

/// <summary>The cost lines of docs/kernels.md, evaluated for sizes that no two of agree in, against what the ops report.</summary>
public sealed partial class CostLineTests
{
    private const int B = 2, T = 3, NH = 5, HS = 7, C = NH * HS, V = 11, IC = 13, OC = 17, R = 19, N = 23, K = 4, Position = 8, Count = 29, Rows = B * T;

    private static readonly Dictionary<string, long> Sizes = new()
    {
        ["B"] = B,
        ["T"] = T,
        ["NH"] = NH,
        ["HS"] = HS,
        ["C"] = C,
        ["V"] = V,
        ["IC"] = IC,
        ["OC"] = OC,
        ["r"] = R,
        ["n"] = N,
        ["k"] = K,
        ["position"] = Position,
        ["count"] = Count,
        ["rows"] = Rows,
    };

    private static readonly DropoutMask Half = new(0.5f, 1, 0, 0, 0);
    private static readonly AttentionShape Heads = new(B, T, NH, HS);
    private static readonly LoraShape Lora = new(Rows, IC, OC, R, 2, Half);
    private static readonly AdamWStep Step = new(0.1, 0.9, 0.95, 1e-8, 0, 1, 1);

    /// <summary>One call for every cost line, by what stands before its colon.</summary>
    private static readonly Dictionary<string, Action<Calls>> Ops = new()
    {
        ["matmul (bias)"] = o => o.Lane.MatMul(o[Rows * OC], o[Rows * IC], o.Weight(IC, OC), o[OC], Rows),
        ["matmul"] = o => o.Lane.MatMul(o[Rows * OC], o[Rows * IC], o.Weight(IC, OC), default, Rows),
        ["matmul_backward_input"] = o => o.Lane.MatMulBackwardInput(o[Rows * IC], o[Rows * OC], o.Weight(IC, OC), Rows),
        ["matmul_backward_weight"] = o => o.Lane.MatMulBackwardWeight(o[IC * OC], o[Rows * IC], o[Rows * OC], Rows, IC, OC),
        ["bias_backward"] = o => o.Lane.BiasBackward(o[OC], o[Rows * OC], Rows, OC),
        ["layernorm"] = o => o.Lane.LayerNorm(o[Rows * C], o[Rows], o[Rows], o[Rows * C], o[C], o[C], Rows, C, 1e-5f),
        ["layernorm_backward"] = o => o.Lane.LayerNormBackward(o[Rows * C], default, default, o[Rows * C], o[Rows * C], o[Rows], o[Rows], o[C], Rows, C),
        ["layernorm_backward (γ and β too)"] = o =>
            o.Lane.LayerNormBackward(o[Rows * C], o[C], o[C], o[Rows * C], o[Rows * C], o[Rows], o[Rows], o[C], Rows, C),
        ["gelu"] = o => o.Lane.Gelu(o[N], o[N], N, GeluForm.Erf),
        ["gelu_backward"] = o => o.Lane.GeluBackward(o[N], o[N], o[N], N, GeluForm.Tanh),
        ["attention"] = o => o.Lane.Attention(o[Rows * C], o[Rows * NH], o[3 * Rows * C], Heads, Half),
        ["attention_backward"] = o => o.Lane.AttentionBackward(o[3 * Rows * C], o[Rows * C], o[3 * Rows * C], o[Rows * C], o[Rows * NH], Heads, Half),
        ["attention_cached"] = o => o.Lane.AttentionCached(o[Count * C], o[40 * C], o[40 * C], o[3 * Count * C], Position, Count, NH, HS),
        ["embedding"] = o => o.Lane.Embedding(o[Rows * C], o.Ids(Rows), o.Weight(C, V), o[40 * C], B, T, 0),
        ["embedding_backward"] = o => o.Lane.EmbeddingBackward(o[V * C], o[40 * C], o.Ids(Rows), o[Rows * C], B, T, C),
        ["classifier"] = o => o.Lane.Classifier(o[Rows], o.Ids(Rows), default, default, o[Rows * C], o.Weight(C, V), o.Ids(Rows), Rows, 1),
        ["classifier_backward"] = o => o.Lane.Classifier(o[Rows], o.Ids(Rows), o[Rows * C], default, o[Rows * C], o.Weight(C, V), o.Ids(Rows), Rows, 1),
        ["classifier_backward (W too)"] = o =>
            o.Lane.Classifier(o[Rows], o.Ids(Rows), o[Rows * C], o[C * V], o[Rows * C], o.Weight(C, V), o.Ids(Rows), Rows, 1),
        ["classifier_top_k"] = o => o.Lane.ClassifierTopK(o.Ids(Rows * K), o[Rows * K], o[Rows], o[Rows * C], o.Weight(C, V), Rows, K),
        ["dropout"] = o => o.Lane.Dropout(o[N], o[N], N, Half),
        ["add_dropout"] = o => o.Lane.AddDropout(o[N], o[N], N, Half),
        ["add_dropout (p = 0)"] = o => o.Lane.AddDropout(o[N], o[N], N, DropoutMask.None),
        ["lora"] = o => o.Lane.Lora(o[Rows * OC], o[Rows * R], o[Rows * IC], o[R * IC], o[OC * R], Lora),
        ["lora_backward"] = o => o.LoraBackward(o[Rows * IC]),
        ["lora_backward (no dx)"] = o => o.LoraBackward(default),
        ["copy"] = o => o.Lane.Copy(o[N], o[N]),
        ["adamw"] = o => o.Lane.AdamW(o[N], o[N], o[N], o[N], Step),
        ["squared_norm"] = o => o.Lane.SquaredNorm(o[1], o[N]),
        ["fill"] = o => o.Lane.Fill(o[N], 1),
        ["add_scaled"] = o => o.Lane.AddScaled(o[N], o[N], 2),
        ["scale"] = o => o.Lane.Scale(o[N], 2),
    };

    /// <summary>A device that counts, and operands of a length for the asking.</summary>
    private sealed class Calls : IOpObserver
    {
        public Calls() => Lane.Observer = this;

        public CountingBackend Lane { get; } = new();

        public (string Op, long Flops, long Bytes) Last { get; private set; }

        public View this[int length] => Lane.Allocate("operand", length);

        public IntView Ids(int length) => Lane.AllocateInts("ids", length);

        public Matrix Weight(int ic, int oc) => Lane.Pack("w", new float[ic * oc], ic, oc);

        public void LoraBackward(View dx) =>
            Lane.LoraBackward(dx, this[R * IC], this[OC * R], this[Rows * R], this[Rows * OC], this[Rows * R],
                this[Rows * IC], this[R * IC], this[OC * R], CostLineTests.Lora);

        public void Before(in OpCall call) => Last = (call.Op, call.Flops, call.Bytes);

        public void After(in OpCall call) { }
    }

    [Fact]
    public void CostLines_OfEveryOp_AreWhatItReports()
    {
        var lines = KernelPage.Sections.Where(s => s.Ops.Count > 0).SelectMany(s => s.Field("cost")).Select(line => CostLine().Match(line)).ToArray();
        Assert.All(lines, line => Assert.True(line.Success));
        Assert.Equal(Ops.Keys.Order(), lines.Select(line => line.Groups["what"].Value).Order());
        foreach (var line in lines)
        {
            string what = line.Groups["what"].Value;
            var calls = new Calls();
            Ops[what](calls);
            var said = (what.Split(' ')[0], Formula.Evaluate(line.Groups["flops"].Value, Sizes), Formula.Evaluate(line.Groups["bytes"].Value, Sizes));
            Assert.True(said == calls.Last, $"docs/kernels.md says {said} of {what}, the op says {calls.Last}");
        }
    }

    [GeneratedRegex("^(?<what>[^:]+): (?<flops>.+) FLOPs, (?<bytes>.+) bytes$")]
    private static partial Regex CostLine();
}
