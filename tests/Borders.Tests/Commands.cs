namespace LoraCollab.Borders.Tests;

/// <summary>Every command that reads files. One that is not here, or an option of files that no line has, fails <see cref="CommandTests"/>.</summary>
internal static class Commands
{
    private const string Host = " --backend reference --threads 1";
    private const string Batch = Host + " --sequence-length 16 --batch-size 2";
    private const string Sizes = Batch + " --iterations 1 --train-tokens 100 --trust-tokens 40 --report-tokens 40 --public-tokens 40 --clients 2";

    public static IReadOnlyList<CommandCase> All { get; } =
    [
        Of("collab --model @model --data @own/own.json --tokenizer @model --pretraining-text @texts --schemes local --out +run" + Sizes, "own/own.json",
            "own/b.jsonl", "texts/cats.txt"),
        Of("collab --model @model --data @texts --schemes weights --out +run" + Sizes, "model/model.safetensors", "model/chars.json", "model/config.json"),
        Of("collab --model @model --data @texts --adapter @adapter --schemes weights --out +run" + Sizes, "adapter/adapter_config.json",
            "adapter/adapter_model.safetensors"),
        Of("collab --model @model --data @texts --schemes local,fedavg --out @stopped --resume --clients 2 --iterations 4 --pretraining-rounds 2 "
            + "--trust-freq 2 --train-tokens 200 "
            + "--trust-tokens 50 --report-tokens 50 --public-tokens 100 --checkpoint-every 1" + Batch, "stopped/config.json", "stopped/checkpoints/index.json",
            "stopped/checkpoints/shared.safetensors", "stopped/metrics.jsonl", "stopped/manifest.json"),
        Of("reproduce --family agnews --data @news --model @model --tokenizer @model --pretraining-text @texts --seeds 1 --no-report --out +all "
            + "--adapter @adapter" + Sizes, "news/train.csv", "news/classes.txt", "adapter/adapter_config.json"),
        Of("sweep --over lr --values 0.01 --seeds 1 --schemes local --model @model --tokenizer @model --data @texts --pretraining-text @texts "
            + "--no-report --adapter @adapter --out @experiment" + Sizes,
            "experiment/experiment.json", "texts/dogs.txt", "adapter/adapter_config.json"),
        Of("controls --kind clustered --seeds 1 --model @model --tokenizer @bpe --data @texts --pretraining-text @texts --out +controls "
            + "--adapter @adapter" + Sizes, "model/config.json", "bpe/vocab.json", "adapter/adapter_config.json"),
        Of("replay --run @run --model @model --data @texts --tokenizer @model" + Host, "run/rounds/fedavg/4.safetensors", "run/trust.jsonl",
            "run/config.json", "run/source.json",
            "run/manifest.json"),
        Of("verify --run @run --rerun --model @model --data @texts --tokenizer @model" + Host, "run/metrics.jsonl", "run/hashes.json",
            "run/summary.json", "run/config.json"),
        Of("report --run @run", "run/metrics.jsonl", "run/trust.jsonl", "run/summary.json", "run/comparators.json", "run/ledger.jsonl"),
        Of("report --run @experiment", "experiment/experiment.json"),
        Of("train --model @model --data @texts --tokenizer @model --iterations 1 --out +adapter" + Batch, "texts/cats.txt", "model/model.safetensors"),
        Of("train --model @model --data @texts --adapter @adapter --iterations 1 --out +adapter" + Batch, "adapter/adapter_model.safetensors"),
        Of("train --model @model --data @texts --iterations 4 --checkpoint-every 1 --resume --out @training" + Batch, "training/checkpoint.safetensors",
            "training/metrics.jsonl"),
        Of("pretrain --data @posts.jsonl --tokenizer @bpe --layers 1 --heads 1 --embd 4 --iterations 1 --out +model" + Batch, "posts.jsonl", "bpe/merges.txt"),
        Of("eval --model @model --adapter @adapter --data @texts --tokenizer @model" + Batch, "adapter/adapter_config.json",
            "adapter/adapter_model.safetensors", "texts/cats.txt"),
        Of("eval --model @sharded --tokenizer @model --data @texts" + Batch, "sharded/model.safetensors.index.json", "sharded/b.safetensors"),
        Of("eval --model @model --adapter @corrected --data @texts" + Batch, "corrected/base_correction.safetensors"),
        Of("generate --model @model --adapter @adapter --tokenizer @model --prompt the --length 4" + Host, "model/model.safetensors", "model/chars.json",
            "adapter/adapter_config.json"),
        Of("prepare --data clients:@people --tokenizer @bpe --clients 2 --train-tokens 100 --trust-tokens 40 --report-tokens 40 --public-tokens 40 "
            + "--out +data", "people/ann.txt",
            "people/public.txt", "bpe/vocab.json"),
        Of("train-tokenizer --data @mixed --vocab 300 --out +bpe", "mixed/wiki/AA/wiki_00", "mixed/wiki/AA/wiki_01", "mixed/code/b.jsonl", "mixed/code/c.txt"),
        Of("tokenize --in @texts/cats.txt --tokenizer @bpe", "texts/cats.txt", "bpe/merges.txt", "bpe/vocab.json"),
        Of("dump --model @model --adapter @adapter --in @batch.safetensors --out +dump.safetensors" + Host, "batch.safetensors",
            "adapter/adapter_model.safetensors"),
        Of("trust --model @model --adapters @adapter --in @probe.safetensors --schemes validation" + Host, "probe.safetensors",
            "adapter/adapter_model.safetensors"),
        Of("profile --model @model --data @texts --tokenizer @model --adapter @adapter --iterations 1" + Batch, "texts/cats.txt", "model/config.json",
            "adapter/adapter_config.json"),
        Of("profile --collab --model @model --data @texts --pretraining-text @texts --schemes local --iterations 1" + Batch
            + " --train-tokens 100 --trust-tokens 40 --report-tokens 40 "
            + "--public-tokens 40 --clients 2", "texts/dogs.txt"),
        Of("profile --compare @profile @profile", "profile/profile.json"),
        Of("gradcheck --model @model --tensors ln_f --elements 1" + Host, "model/model.safetensors", "model/config.json"),
        Of("inspect gradients --model @model --data @texts --tokenizer @model --adapter @adapter --batches 1" + Batch, "texts/cats.txt",
            "adapter/adapter_config.json"),
        Of("inspect why --model @model --data @texts --tokenizer @model --adapter @adapter h.0.attn.c_attn.lora_B" + Batch, "model/config.json"),
        Of("inspect gradients --model @model --data @texts --run @run --batches 1" + Batch, "run/adapters/fedavg/client_0/adapter_config.json"),
        Of("inspect attention --model @model --tokenizer @model --adapter @adapter --text the" + Host, "model/chars.json"),
        Of("inspect logits --model @model --tokenizer @model --adapter @adapter --text the" + Host, "model/chars.json", "adapter/adapter_model.safetensors"),
        Of("inspect logits --run @run --schemes fedavg --text the" + Host, "run/source.json", "run/config.json",
            "run/adapters/fedavg/client_0/adapter_config.json"),
        Of("inspect attention --run @run --schemes fedavg --text the" + Host, "run/summary.json"),
        Of("inspect trust 0 1 --run @run --model @model --data @texts --tokenizer @model" + Host, "run/trust.jsonl", "run/rounds/weights/4.safetensors"),
    ];

    /// <summary>Commands that read no file.</summary>
    public static IReadOnlyDictionary<string, string> WithoutFiles { get; } = new Dictionary<string, string>
    {
        ["devices"] = "asks the machine",
        ["explain"] = "pages inside the program",
        ["completion"] = "reads nothing",
        ["bench step"] = "random models",
        ["bench round"] = "random models",
        ["bench gemm"] = "random matrices",
        ["bench generate"] = "random models",
        ["bench start"] = "what train reads",
        ["bench scaling"] = "random models",
    };

    private static CommandCase Of(string line, params string[] damaged) => new(line.Split(' '), damaged);
}
