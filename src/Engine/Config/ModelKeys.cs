namespace LoraCollab.Engine.Config;

/// <summary>The keys of a model's config.json. Any other with a value is refused: what it does to the numbers is not known.</summary>
internal static class ModelKeys
{
    /// <summary>Read, and honoured or refused by their value.</summary>
    private static readonly string[] s_read =
    [
        "model_type", "n_layer", "n_head", "n_embd", "vocab_size", "n_positions", "n_ctx", "n_inner", "activation_function", "layer_norm_epsilon",
        "tie_word_embeddings", "scale_attn_weights",
        "num_hidden_layers", "num_attention_heads", "hidden_size", "max_position_embeddings", // transformers' other names of the first sizes
        "block_size", "bias", // nanoGPT's
    ];

    private static readonly string[] s_harmless =
    [
        // Where the file comes from, and which class and library wrote it.
        "architectures", "transformers_version", "_name_or_path", "name_or_path", "transformers.js_config", "_commit_hash",
        // How the numbers are stored or computed: here always in float32, with exact attention.
        "torch_dtype", "dtype", "use_bfloat16", "reorder_and_upcast_attn", "attn_implementation", "_attn_implementation", "_attn_implementation_autoset",
        "torchscript", "use_cache", "gradient_checkpointing", "chunk_size_feed_forward", "low_cpu_mem_usage", "xla_device",
        // Training: what to draw fresh weights from, and dropout, which is an option of training here.
        "initializer_range", "resid_pdrop", "embd_pdrop", "attn_pdrop", "dropout", "loss_type", "tf_legacy_loss",
        // Heads for classification and multiple choice, which a language model does not have.
        "summary_type", "summary_use_proj", "summary_activation", "summary_first_dropout", "summary_proj_to_labels",
        "num_labels", "_num_labels", "id2label", "label2id", "problem_type", "finetuning_task", "n_special", "predict_special_tokens",
        // Decoder of a pair: without cross-attention, which is refused, it is a GPT-2 like any other.
        "is_decoder",
        // What transformers returns beside the logits.
        "output_attentions", "output_hidden_states", "output_past", "output_scores", "return_dict", "return_dict_in_generate",
        // Which token begins, ends or fills a text: the tokenizer says so here.
        "bos_token_id", "eos_token_id", "pad_token_id", "sep_token_id", "decoder_start_token_id", "tokenizer_class",
        // How transformers generates where nothing else is said; here the options of `generate` do.
        "task_specific_params", "do_sample", "temperature", "top_k", "top_p", "typical_p", "max_length", "max_new_tokens", "min_length", "num_beams",
        "num_beam_groups", "diversity_penalty", "length_penalty", "repetition_penalty", "no_repeat_ngram_size",
        "encoder_no_repeat_ngram_size", "early_stopping", "num_return_sequences", "forced_bos_token_id", "forced_eos_token_id", "suppress_tokens",
        "begin_suppress_tokens", "bad_words_ids", "exponential_decay_length_penalty", "remove_invalid_values", "prefix",
    ];

    /// <summary>All of them.</summary>
    public static IReadOnlySet<string> Known { get; } = s_read.Concat(s_harmless).ToHashSet();
}
