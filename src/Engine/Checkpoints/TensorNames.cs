namespace LoraCollab.Engine.Checkpoints;

/// <summary>What libraries put before a GPT-2's own names of tensors.</summary>
internal static class TensorNames
{
    /// <summary>torch.compile, DataParallel, PEFT's two, GPT2LMHeadModel; any of them, in any order.</summary>
    private static readonly string[] s_wrappers = ["_orig_mod.", "module.", "base_model.model.", "transformer."];

    /// <summary>GPT-2's own name: "_orig_mod.transformer.h.0.ln_1.weight" → "h.0.ln_1.weight".</summary>
    public static string Plain(string name)
    {
        while (Array.Find(s_wrappers, w => name.StartsWith(w, StringComparison.Ordinal)) is { } wrapper) name = name[wrapper.Length..];
        return name;
    }
}
