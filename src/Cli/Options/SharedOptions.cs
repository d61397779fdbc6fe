namespace LoraCollab.Cli.Options;

// Options that several commands have: declared once here, so that they mean the same in all of them.

internal sealed class ModelOptionAttribute : OptionAttribute
{
    public ModelOptionAttribute()
        : base("model", OptionGroup.Data, "A GPT-2 folder of transformers or nanoGPT, a checkpoint file of llm.c, or gpt2, gpt2-medium, gpt2-large for that "
            + "size "
            + "with random weights.") =>
        (Value, Default, Common) = ("DIR", "the small model that ships with the program", true);
}

internal sealed class TokenizerOptionAttribute : OptionAttribute
{
    public TokenizerOptionAttribute()
        : base("tokenizer", OptionGroup.Data, "A folder with vocab.json and merges.txt, encoder.json and vocab.bpe, tokenizer.json, or chars.json; for "
            + "pretrain "
            + "also chars, one token per character.") =>
        (Value, Default) = ("DIR", "the model's folder");
}

internal sealed class AdapterOptionAttribute : OptionAttribute
{
    public AdapterOptionAttribute()
        : base("adapter", OptionGroup.Adapter, "A PEFT adapter folder (adapter_config.json, adapter_model.safetensors); where adapters are trained, they "
            + "start from "
            + "it, in its rank, alpha and targets.") =>
        (Value, Default) = ("DIR", "none");
}

internal sealed class RunOptionAttribute : OptionAttribute
{
    public RunOptionAttribute() : base("run", OptionGroup.Data, "The folder of a finished run, for report also of an experiment (reproduce, sweep).") =>
        (Value, Common) = ("DIR", true);
}

internal sealed class SchemesOptionAttribute : OptionAttribute
{
    public SchemesOptionAttribute() : base("schemes", OptionGroup.Trust, "Which methods: docs/methods.md lists them.") =>
        (Value, Also, Common) = ("A,B,C", ["scheme"], true);
}

internal sealed class SeedsOptionAttribute : OptionAttribute
{
    public SeedsOptionAttribute()
        : base("seeds", OptionGroup.Training, "Seeds to run, such as 1-3 or 1,2,3; one number N means 1 to N with a preset.") =>
            (Value, Common) = ("LIST", true);
}

internal sealed class DryRunOptionAttribute() : OptionAttribute("dry-run", OptionGroup.Output, "Print the plan (steps, time, memory, disk) and stop.")
{
}

internal sealed class EvalEveryOptionAttribute : OptionAttribute
{
    public EvalEveryOptionAttribute()
        : base("eval-every", OptionGroup.Output, "Iterations between evaluations on the held-out tenth of the text.") =>
            (Least, Default) = (1, "a tenth of the run");
}

internal sealed class WatchOptionAttribute : OptionAttribute
{
    public WatchOptionAttribute()
        : base("watch", OptionGroup.Output, "Every K iterations show the norm of the gradient block by block, and write every tensor's into metrics.jsonl.") =>
        (Value, Least, Default) = ("K", 1, "never");
}

internal sealed class ModeOptionAttribute : OptionAttribute
{
    public ModeOptionAttribute() : base("mode", OptionGroup.Training, "lora (an adapter over a frozen base) or full (every weight).") =>
        (Choices, Default) = (["lora", "full"], "lora");
}

internal sealed class TopOptionAttribute : OptionAttribute
{
    public TopOptionAttribute() : base("top", OptionGroup.Output, "Rows of the list of what matters most.") => Least = 1;
}

internal sealed class FamilyOptionAttribute : OptionAttribute
{
    public FamilyOptionAttribute()
        : base("family", OptionGroup.Data, "The preset of the data: news, languages, code (built in); agnews, multiwiki, codewiki (with --data); for "
            + "reproduce also all: "
            + "the three built in, its default.") =>
        (Value, Common) = ("NAME", true);
}

internal sealed class ScaleOptionAttribute : OptionAttribute
{
    public ScaleOptionAttribute()
        : base("scale", OptionGroup.Training, "tiny (minutes), small (hours on a laptop), paper (the published protocol).") =>
        (Value, Default, Common) = ("NAME", "tiny", true);
}

internal sealed class NoReportOptionAttribute()
    : OptionAttribute("no-report", OptionGroup.Output, "Table only: no pages and pictures; report --run DIR makes them later.")
{
}

internal sealed class LayersOptionAttribute : OptionAttribute
{
    public LayersOptionAttribute() : base("layers", OptionGroup.Training, "Blocks.") => (Value, Least) = ("L", 1);
}

internal sealed class HeadsOptionAttribute : OptionAttribute
{
    public HeadsOptionAttribute() : base("heads", OptionGroup.Training, "Attention heads of a block.") => (Value, Least) = ("NH", 1);
}

internal sealed class ChannelsOptionAttribute : OptionAttribute
{
    public ChannelsOptionAttribute() : base("embd", OptionGroup.Training, "Channels: the width of the model.") => (Value, Least) = ("C", 1);
}

internal sealed class VocabularyOptionAttribute : OptionAttribute
{
    public VocabularyOptionAttribute() : base("vocab", OptionGroup.Training,
        "Tokens in the vocabulary; of a trained one 256 bytes, the end of text, and merges.") =>
        (Value, Least) = ("V", 1);
}

internal sealed class OptimalOptionAttribute()
    : OptionAttribute("optimal", OptionGroup.Output,
        "Also learned trust, which minimises trust-validation loss: each scheme's regret against it on report text, "
        + "and how well trust tells categories apart. Some 30 evaluations and gradients per client and round.")
{
}

internal sealed class InOptionAttribute : OptionAttribute
{
    public InOptionAttribute()
        : base("in", OptionGroup.Data, "The file to read: for tokenize a text in UTF-8 (a byte order mark is left out, no other byte is changed); for dump a "
            + "safetensors "
            + "file with input_ids and targets, whole numbers [B, T], a target of -1 is ignored; for trust one with val.I.input_ids and val.I.targets "
            + "[batches, B, T] (validation) or ref.input_ids (prediction).") =>
        (Value, Common) = ("FILE", true);
}
