namespace LoraCollab.Engine.Config;

/// <summary>The sizes and forms of one GPT-2: everything the arithmetic depends on besides the weights.</summary>
/// <param name="Layers">L, blocks.</param>
/// <param name="Heads">NH, attention heads of a block; divides the channels.</param>
/// <param name="Channels">C, width of the residual stream.</param>
/// <param name="Vocabulary">V, tokens.</param>
/// <param name="Context">Longest sequence the position table knows.</param>
public sealed record GptConfig(int Layers, int Heads, int Channels, int Vocabulary, int Context)
{
    public GeluForm Gelu { get; init; } = GeluForm.Tanh;

    public float LayerNormEpsilon { get; init; } = 1e-5f;

    /// <summary>True where the classifier is the token table itself.</summary>
    public bool TiedHead { get; init; } = true;

    /// <summary>HS, channels of one head.</summary>
    public int HeadSize => Channels / Heads;

    /// <summary>Names known to <see cref="Preset"/>.</summary>
    public static IReadOnlyList<string> Presets { get; } = ["tiny", "gpt2", "gpt2-medium", "gpt2-large"];

    /// <summary>A published size, for random weights; "tiny" has about a million parameters.</summary>
    /// <exception cref="UserException">No preset of that name.</exception>
    public static GptConfig Preset(string name) => name switch
    {
        "tiny" => new(4, 4, 128, 1024, 128),
        "gpt2" => new(12, 12, 768, 50257, 1024),
        "gpt2-medium" => new(24, 16, 1024, 50257, 1024),
        "gpt2-large" => new(36, 20, 1280, 50257, 1024),
        _ => throw new UserException($"unknown model preset '{name}': expected one of {string.Join(", ", Presets)}"),
    };

    /// <summary>Inputs and outputs of one of the block's four projections, as W [IC, OC].</summary>
    public (int IC, int OC) Size(Projection projection) => projection switch
    {
        Projection.AttnCAttn => (Channels, 3 * Channels),
        Projection.AttnCProj => (Channels, Channels),
        Projection.MlpCFc => (Channels, 4 * Channels),
        _ => (4 * Channels, Channels),
    };

    /// <summary>Every parameter in GPT-2's order and under Hugging Face's names, without <c>transformer.</c>; linear weights are [in, out].</summary>
    public FlatLayout Layout()
    {
        var layout = new FlatLayout().Add("wte.weight", Vocabulary, Channels).Add("wpe.weight", Context, Channels);
        for (int l = 0; l < Layers; l++)
        {
            AddNorm(layout, $"h.{l}.ln_1");
            AddLinear(layout, l, Projection.AttnCAttn);
            AddLinear(layout, l, Projection.AttnCProj);
            AddNorm(layout, $"h.{l}.ln_2");
            AddLinear(layout, l, Projection.MlpCFc);
            AddLinear(layout, l, Projection.MlpCProj);
        }
        AddNorm(layout, "ln_f");
        if (!TiedHead) layout.Add("lm_head.weight", Vocabulary, Channels);
        return layout;
    }

    /// <summary>Refuses sizes that make no model; <paramref name="origin"/> is the file or flag the message names.</summary>
    /// <exception cref="UserException">A size is not positive, the heads do not divide the channels, or a tensor is too large to address.</exception>
    public GptConfig Checked(string origin)
    {
        Positive(Layers, "n_layer");
        Positive(Heads, "n_head");
        Positive(Channels, "n_embd");
        Positive(Vocabulary, "vocab_size");
        Positive(Context, "n_positions");
        if (Channels % Heads != 0) throw new UserException($"{origin}: n_head {Heads} does not divide n_embd {Channels}");
        if (Layers > ushort.MaxValue) throw new UserException($"{origin}: n_layer {Layers} is over the {ushort.MaxValue} that are supported");
        Int128 largest = (Int128)Math.Max(Math.Max((long)Vocabulary, Context), 4L * Channels) * Channels;
        if (largest > Array.MaxLength) throw new UserException($"{origin}: a tensor of {largest} elements is over the {Array.MaxLength} that can be addressed");
        if (!(LayerNormEpsilon > 0 && LayerNormEpsilon < 1)) throw new UserException($"{origin}: layer_norm_epsilon {LayerNormEpsilon} is not between 0 and 1");
        return this;

        void Positive(int value, string key)
        {
            if (value <= 0) throw new UserException($"{origin}: {key} is {value}, expected a positive number");
        }
    }

    private void AddNorm(FlatLayout layout, string name) => layout.Add($"{name}.weight", Channels).Add($"{name}.bias", Channels);

    private void AddLinear(FlatLayout layout, int layer, Projection projection)
    {
        var (ic, oc) = Size(projection);
        string name = projection.NameIn(layer);
        layout.Add($"{name}.weight", ic, oc).Add($"{name}.bias", oc);
    }
}
