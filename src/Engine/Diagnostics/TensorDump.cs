namespace LoraCollab.Engine.Diagnostics;

/// <summary>
/// Everything one batch produces without dropout, under names other systems can be compared by: logits [B, T, V], loss [1], act.embed, act.h.N, act.ln_f
/// [B, T, C], and grad.* of the adapter, or of every base parameter where there is none.
/// </summary>
public static class TensorDump
{
    /// <param name="adapter">With it its gradients are dumped; without it the model's, which must then be trainable.</param>
    /// <exception cref="UserException">A token is outside the vocabulary or a sequence over the context.</exception>
    public static TensorBag Of(GptModel model, ReadOnlySpan<int> ids, ReadOnlySpan<int> targets, int batch, PeftAdapter? adapter)
    {
        var lane = model.Backend;
        var kind = adapter is null ? PassKind.Full : PassKind.Lora;
        using var pass = new GptPass(model, lane, batch, ids.Length / batch, kind, adapter?.Options);
        using var lora = adapter?.Place(model, trainable: true);
        if (lora is null) lane.Fill(model.Gradient, 0);

        double loss = pass.Gradient(ids, targets, batch, lora, DropoutDraw.None);

        var bag = new TensorBag();
        bag.Add("loss", [1], [(float)loss]);
        AddActivations(bag, pass, [batch, ids.Length / batch, model.Config.Channels]);
        var (layout, gradient) = lora is null ? (model.Layout, model.Gradient) : (lora.Layout, lora.Gradient);
        foreach (var entry in layout.Entries) bag.Add($"grad.{entry.Name}", entry.Shape, Read(lane, layout.Of(gradient, entry.Name)));
        return bag;
    }

    private static void AddActivations(TensorBag bag, GptPass pass, int[] shape)
    {
        using var reader = new LogitReader(pass);
        bag.Add("logits", [shape[0], shape[1], pass.Config.Vocabulary], reader.Read());
        bag.Add("act.embed", shape, Read(pass.Lane, pass.Embedded));
        for (int l = 0; l < pass.Config.Layers; l++) bag.Add($"act.h.{l}", shape, Read(pass.Lane, pass.BlockOutput(l)));
        bag.Add("act.ln_f", shape, Read(pass.Lane, pass.FinalNormOutput));
    }

    private static float[] Read(ComputeBackend lane, View view)
    {
        var values = new float[view.Length];
        lane.Download(values.AsSpan(), view);
        return values;
    }
}
