namespace LoraCollab.Cli.Explain;

/// <summary>
/// What other programs and books call the ops, and the kernels of the GPU (as <c>profile --show-code</c> lists them) whose names are not those of an op.
/// </summary>
internal static class FieldWords
{
    private static readonly Dictionary<string, string> s_sections = new()
    {
        ["matmul"] = "linear, dense, gemm, mm, addmm, conv1d, projection, Product, TiledProduct, SplitProduct, Fold",
        ["layernorm"] = "norm, normalisation, normalization, LayerNormParameters",
        ["gelu"] = "activation, nonlinearity, mlp, GeluErf, GeluTanh, GeluErfBackward, GeluTanhBackward",
        ["softmax"] = "log_softmax, logsumexp, lse",
        ["attention"] = "self_attention, causal_attention, sdpa, scaled_dot_product_attention, flash_attention, mha, AttentionTile, Delta, "
            + "QueryGradient, QueryGradientTile, KeyValueGradient, KeyValueGradientTile",
        ["attention_cached"] = "kv_cache, key_value_cache, Cache",
        ["embedding"] = "embed, wte, wpe, PositionGradient, TokenGradient",
        ["classifier"] = "cross_entropy, softmax_cross_entropy, nll, nll_loss, loss, lm_head, unembedding, logits, perplexity, Loss",
        ["classifier_top_k"] = "top_k",
        ["lora"] = "adapter, low_rank, LoraInputGradient",
        ["residual"] = "skip, skip_connection, stream, add",
        ["adamw"] = "adam, optimiser, optimizer",
        ["squared_norm"] = "clip, clipping, clip_grad_norm, grad_norm, SquaredChunks, Sum",
        ["elementwise"] = "axpy, zero",
    };

    private static readonly Dictionary<string, string> s_ofWord =
        s_sections.SelectMany(s => s.Value.Split(", ").Select(word => (Word: Plain(word), s.Key))).Distinct().ToDictionary(p => p.Word, p => p.Key);

    /// <summary>All sections that have such words.</summary>
    public static IEnumerable<string> Sections => s_sections.Keys;

    /// <summary>The section a word belongs to; null where it is none of these.</summary>
    public static string? Find(string word) => s_ofWord.GetValueOrDefault(Plain(word));

    /// <summary>Cross-Entropy, cross_entropy and CrossEntropy are one word, and a kernel's has "Kernel" at its end or not.</summary>
    public static string Plain(string word)
    {
        const string kernel = "kernel";
        string plain = string.Concat(word.Where(char.IsLetterOrDigit)).ToLowerInvariant();
        return plain.Length > kernel.Length && plain.EndsWith(kernel, StringComparison.Ordinal) ? plain[..^kernel.Length] : plain;
    }
}
