namespace LoraCollab.Engine.Checkpoints;

/// <summary>
/// The keys of PEFT's LoraConfig. Any other with a value is refused: PEFT grows new switches with every release, and each changes the
/// numbers.
/// </summary>
internal static class AdapterKeys
{
    /// <summary>Read, and honoured or refused by their value.</summary>
    private static readonly string[] s_read =
    [
        "peft_type", "r", "lora_alpha", "lora_dropout", "use_rslora", "bias", "init_lora_weights", "target_modules", "exclude_modules",
        "layers_to_transform", "layers_pattern", "rank_pattern", "alpha_pattern",
    ];

    private static readonly string[] s_harmless =
    [
        // Where the adapter comes from, and what for.
        "base_model_name_or_path", "revision", "task_type", "auto_mapping", "peft_version", "inference_mode",
        // How weights of the base are stored: PEFT itself puts it right for GPT-2, and A and B are the same either way.
        "fan_in_fan_out",
        // Whether evaluation folds the adapter into the base: the same numbers.
        "merge_weights",
        // Where tensors lie while PEFT loads them.
        "runtime_config",
        // Read only beside megatron_config and use_qalora, which are refused.
        "megatron_core", "qalora_group_size",
        // How EVA found the first A; the base stays as it is, and ranks that it dealt out stand in rank_pattern.
        "eva_config",
    ];

    /// <summary>All of them.</summary>
    public static IReadOnlySet<string> Known { get; } = s_read.Concat(s_harmless).ToHashSet();
}
