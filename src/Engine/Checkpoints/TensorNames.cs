namespace LoraCollab.Engine.Checkpoints;

/// <summary>Names of tensors: a GPT-2's own, and what libraries put before them.</summary>
public static class TensorNames
{
    /// <summary>torch.compile, DataParallel, PEFT's two, GPT2LMHeadModel; any of them, in any order.</summary>
    private static readonly string[] s_wrappers = ["_orig_mod.", "module.", "base_model.model.", "transformer."];

    /// <summary>GPT-2's own name: "_orig_mod.transformer.h.0.ln_1.weight" → "h.0.ln_1.weight".</summary>
    internal static string Plain(string name)
    {
        while (Array.Find(s_wrappers, w => name.StartsWith(w, StringComparison.Ordinal)) is { } wrapper) name = name[wrapper.Length..];
        return name;
    }

    /// <summary>For people: without PEFT's prefix and, for a factor of an adapter, without ".weight".</summary>
    public static string Short(string name)
    {
        const string ending = ".weight";
        if (!name.StartsWith(LoraLayout.Prefix, StringComparison.Ordinal)) return name;
        name = name[LoraLayout.Prefix.Length..];
        return name.EndsWith(ending, StringComparison.Ordinal) ? name[..^ending.Length] : name;
    }

    /// <summary>The block a tensor, or a place in the model, belongs to; null outside the blocks.</summary>
    public static int? Layer(string name)
    {
        string[] parts = name.Split('.');
        int h = Array.IndexOf(parts, "h");
        return h >= 0 && h + 1 < parts.Length && int.TryParse(parts[h + 1], out int layer) ? layer : null;
    }
}
