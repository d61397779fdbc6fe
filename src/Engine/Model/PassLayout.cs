namespace LoraCollab.Engine.Model;

/// <summary>
/// Which activations a pass needs and where they lie: what every block keeps for its backward pass, and what all blocks share.
/// The memory estimate is the length of these layouts, so that it cannot differ from what is allocated.
/// </summary>
internal sealed class PassLayout
{
    /// <summary>What each block keeps.</summary>
    public FlatLayout Kept { get; } = new();

    /// <summary>What all blocks share, and what stands before and after them.</summary>
    public FlatLayout Shared { get; } = new();

    public PassLayout(GptConfig config, int rows, PassKind kind, LoraOptions? lora)
    {
        int c = config.Channels, r = lora?.Rank ?? 0;
        bool full = kind == PassKind.Full, backward = kind != PassKind.Forward;
        Add(backward, Activation.Input, c);
        Add(full || Adapted(Projection.AttnCAttn), Activation.Norm1, c);
        Add(backward, Activation.Mean1, 1);
        Add(backward, Activation.Rstd1, 1);
        Add(backward, Activation.Qkv, 3 * c);
        Add(backward, Activation.Lse, config.Heads);
        Add(backward, Activation.Attended, c);
        if (backward) Add(true, Activation.Middle, c);
        Add(full || Adapted(Projection.MlpCFc), Activation.Norm2, c);
        Add(backward, Activation.Mean2, 1);
        Add(backward, Activation.Rstd2, 1);
        Add(backward, Activation.Hidden, 4 * c);
        Add(full || Adapted(Projection.MlpCProj), Activation.Gelu, 4 * c);
        foreach (var p in Projections.All) Add(backward && Adapted(p), Activation.U0 + (int)p, r);

        if (backward) Add(false, Activation.Output, c);
        foreach (var a in (ReadOnlySpan<Activation>)[Activation.Projected, Activation.FinalNorm]) Add(false, a, c);
        foreach (var a in (ReadOnlySpan<Activation>)[Activation.FinalMean, Activation.FinalRstd, Activation.Losses]) Add(false, a, 1);
        if (!backward) return;
        // One block's worth: the way back is in one block at a time.
        foreach (var a in (ReadOnlySpan<Activation>)[Activation.DStream, Activation.DInput, Activation.DProjected]) Add(false, a, c);
        Add(false, Activation.DHidden, 4 * c);
        Add(false, Activation.DU, r);

        bool Adapted(Projection p) => kind == PassKind.Lora && lora!.Has(p);

        void Add(bool kept, Activation activation, int width)
        {
            if (width > 0) (kept ? Kept : Shared).Add(activation.ToString(), rows, width);
        }
    }

    /// <summary>The activations of every block in their places.</summary>
    /// <param name="kept">[L, <see cref="Kept"/>].</param>
    /// <param name="shared">[<see cref="Shared"/>].</param>
    public Activations[] Place(View kept, View shared, int layers)
    {
        var all = Enumerable.Range(0, layers).Select(l => Enum.GetValues<Activation>().Select(a => Find(a, l)).ToArray()).ToArray();
        for (int l = 1; l < layers; l++) all[l - 1][(int)Activation.Output] = all[l][(int)Activation.Input];
        return Array.ConvertAll(all, views => new Activations(views));

        View Find(Activation activation, int layer)
        {
            string name = activation.ToString();
            if (Kept.Contains(name)) return Kept.Of(kept.Slice(layer * Kept.Length, Kept.Length), name);
            if (Shared.Contains(name)) return Shared.Of(shared, name);
            // Without a way back the stream is changed in its place.
            return activation is Activation.Middle or Activation.Output ? Find(Activation.Input, layer) : default;
        }
    }

    /// <summary>What the backend needs to know of such a pass for its workspaces.</summary>
    public static PassShapes ShapesOf(GptConfig config, int batch, int length, PassKind kind, LoraOptions? lora) =>
        new(new AttentionShape(batch, length, config.Heads, config.Channels / config.Heads), [.. Projections.All.Select(config.Size)], config.Vocabulary)
        {
            Gradients = kind != PassKind.Forward,
            TrainsWeights = kind == PassKind.Full,
            Adapters = lora is null ? [] : [.. Projections.All.Where(lora.Has).Select(config.Size).Select(size => new LoraShape(
                batch * length, size.IC, size.OC, lora.Rank, (float)lora.Scale, new DropoutMask(kind == PassKind.Lora ? lora.Dropout : 0, 0, 0, 0, 0)))],
        };
}
