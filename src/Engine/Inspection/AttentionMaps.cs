namespace LoraCollab.Engine.Inspection;

/// <summary>
/// How much every position of a text attends to every earlier one, for all layers and heads: p_ij = exp(q_i·k_j/√HS − lse_i),
/// in double from the q, k and lse of the forward pass, which itself never stores them.
/// </summary>
public sealed class AttentionMaps
{
    private readonly AttentionMap[][] _layers;

    private AttentionMaps(AttentionMap[][] layers) => _layers = layers;

    public int Layers => _layers.Length;

    public int Heads => _layers[0].Length;

    /// <summary>The map of one head.</summary>
    public AttentionMap this[int layer, int head] => _layers[layer][head];

    /// <param name="ids">[T], at most the model's context.</param>
    /// <exception cref="UserException">The text is longer than the context, or a token outside the vocabulary.</exception>
    /// <exception cref="NonFiniteException">A share of the attention is NaN or infinite; the first bad tensor is named.</exception>
    public static AttentionMaps Of(GptModel model, ReadOnlySpan<int> ids, LoraAdapter? adapter)
    {
        var lane = model.Backend;
        using var pass = new GptPass(model, lane, 1, ids.Length, PassKind.Forward, adapter?.Options);
        var reader = new Reader(lane, ids.Length, model.Config);
        var before = lane.Observer;
        lane.Observer = reader;
        try
        {
            pass.Trunk(ids, 1, adapter);
        }
        finally
        {
            lane.Observer = before;
        }
        int bad = reader.Layers.FindIndex(layer => layer.Any(map => map.Rows.Any(row => !row.All(double.IsFinite))));
        if (bad >= 0) throw NonFiniteFinder.Explain(pass, ids, 1, adapter, DropoutDraw.None, $"the attention of layer {bad} is NaN or infinite");
        return new AttentionMaps([.. reader.Layers]);
    }

    /// <summary>Reads q, k and lse where the pass computes them.</summary>
    private sealed class Reader(ComputeBackend lane, int t, GptConfig config) : IOpObserver
    {
        public List<AttentionMap[]> Layers { get; } = [];

        public void Before(in OpCall call) { }

        public void After(in OpCall call)
        {
            if (call.Op != "attention") return;
            double[] qkv = [], lse = [];
            foreach (ref readonly var operand in call.Operands)
                if (operand.Name == "qkv") lane.Download(qkv = new double[operand.View.Length], operand.View);
                else if (operand.Name == "lse") lane.Download(lse = new double[operand.View.Length], operand.View);
            Layers.Add([.. Enumerable.Range(0, config.Heads).Select(h => Head(qkv, lse, h))]);
        }

        private AttentionMap Head(double[] qkv, double[] lse, int head)
        {
            int c = config.Channels, hs = config.HeadSize;
            var rows = new double[t][];
            for (int i = 0; i < t; i++)
            {
                rows[i] = new double[i + 1];
                for (int j = 0; j <= i; j++)
                {
                    double s = 0;
                    for (int e = 0; e < hs; e++) s += qkv[i * 3 * c + head * hs + e] * qkv[j * 3 * c + c + head * hs + e];
                    rows[i][j] = Math.Exp(s / Math.Sqrt(hs) - lse[head * t + i]);
                }
            }
            return new AttentionMap(rows);
        }
    }
}
