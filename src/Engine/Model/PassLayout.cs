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
        int c = config.Channels;
        bool full = kind == PassKind.Full, backward = kind != PassKind.Forward;
        AddKept("input", c, backward);
        AddKept("norm1", c, full || Adapted(Projection.AttnCAttn));
        AddKept("mean1", 1, backward);
        AddKept("rstd1", 1, backward);
        AddKept("qkv", 3 * c, backward);
        AddKept("lse", config.Heads, backward);
        AddKept("attended", c, backward);
        if (backward) Kept.Add("middle", rows, c);
        AddKept("norm2", c, full || Adapted(Projection.MlpCFc));
        AddKept("mean2", 1, backward);
        AddKept("rstd2", 1, backward);
        AddKept("hidden", 4 * c, backward);
        AddKept("gelu", 4 * c, full || Adapted(Projection.MlpCProj));
        foreach (var p in Projections.All) AddKept($"u.{p.Path()}", lora?.Rank ?? 0, backward && Adapted(p));

        if (backward) Shared.Add("output", rows, c);
        Shared.Add("projected", rows, c).Add("final_norm", rows, c).Add("final_mean", rows).Add("final_rstd", rows).Add("losses", rows);
        if (backward) AddGradients(rows, c, lora?.Rank ?? 0);

        bool Adapted(Projection p) => kind == PassKind.Lora && lora!.Has(p);

        void AddKept(string name, int width, bool kept)
        {
            if (width > 0) (kept ? Kept : Shared).Add(name, rows, width);
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

    // One block's worth: the way back is in one block at a time.
    private void AddGradients(int rows, int c, int rank) =>
        Shared.Add("d_stream", rows, c).Add("d_input", rows, c).Add("d_projected", rows, c).Add("d_hidden", rows, 4 * c).Add("d_u", rows, rank);
}
