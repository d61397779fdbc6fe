namespace LoraCollab.Engine.Gradients;

/// <summary>
/// Names of the tensors whose gradients the backward pass goes through, as <see cref="TensorDump"/> has them: act.embed, act.h.N and act.ln_f are the stream
/// before the blocks, after block N, and after the last norm; act.h.N.middle is the stream between the halves of block N; the rest are outputs of layers.
/// </summary>
internal static class ActivationName
{
    /// <summary>The tensor whose gradient an op of the backward pass hands on.</summary>
    /// <param name="op">Name of the op.</param>
    /// <param name="scope">Where in the model it ran.</param>
    /// <param name="layers">Blocks of the model.</param>
    public static string Of(string op, string scope, int layers)
    {
        string[] parts = scope.Split('.');
        if (scope == "lm_head") return "act.ln_f";
        if (scope == "ln_f") return Stream(layers - 1);
        if (scope == "embed") return "act.embed.dropped";
        if (parts is not ["h", var number, .. var place]) return $"act.{scope}";
        int layer = int.Parse(number, System.Globalization.CultureInfo.InvariantCulture);
        return (string.Join('.', place), op) switch
        {
            ("ln_2", _) => $"act.h.{layer}.middle",
            ("ln_1", _) => Stream(layer - 1),
            ("mlp", "dropout") => $"act.h.{layer}.mlp.c_proj",
            ("mlp.c_proj", _) => $"act.h.{layer}.mlp.gelu",
            ("mlp", _) => $"act.h.{layer}.mlp.c_fc",
            ("mlp.c_fc", _) => $"act.h.{layer}.ln_2",
            ("attn", "dropout") => $"act.h.{layer}.attn.c_proj",
            ("attn.c_proj", _) => $"act.h.{layer}.attn",
            ("attn", _) => $"act.h.{layer}.attn.c_attn",
            ("attn.c_attn", _) => $"act.h.{layer}.ln_1",
            var (other, _) => $"act.h.{layer}.{other}",
        };
    }

    /// <summary>The stream after a block, before the first one for −1.</summary>
    public static string Stream(int layer) => layer < 0 ? "act.embed" : $"act.h.{layer}";

    /// <summary>True for the stream, also between the halves of a block.</summary>
    public static bool IsOfStream(string name) => IsStream(name) || name.EndsWith(".middle", StringComparison.Ordinal);

    /// <summary>True for the stream between blocks: what a gradient has to come along.</summary>
    public static bool IsStream(string name) => name == "act.embed" || (name.StartsWith("act.h.", StringComparison.Ordinal) && name.Count(c => c == '.') == 2);
}
