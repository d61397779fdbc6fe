using System.IO.Compression;
using System.Runtime.InteropServices;
using System.Text.Json;
using LoraCollab.Cli.Tests;

[assembly: AssemblyFixture(typeof(LoraCollab.Borders.Tests.Specimens))]

namespace LoraCollab.Borders.Tests;

/// <summary>A right file of every kind the program reads, most of them made by the program itself: what <see cref="ReaderCase"/>s damage.</summary>
public sealed class Specimens : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public Specimens()
    {
        Texts();
        Models();
        Runs();
        Config = HfConfig.Read(At("model", "config.json"));
        Adapter = PeftAdapter.Load(At("adapter"), Config);
        Experiments();
        ByEnding = Directory.EnumerateFiles(folder.Path, "*", SearchOption.AllDirectories).Where(f => new FileInfo(f).Length is > 0 and < 1 << 20)
            .Order(StringComparer.Ordinal).GroupBy(f => Path.GetExtension(f)).ToDictionary(g => g.Key, g =>
                (IReadOnlyList<byte[]>)[.. g.Select(File.ReadAllBytes).Take(30)]);
    }

    /// <summary>Sizes of the model in the folder model.</summary>
    internal GptConfig Config { get; }

    /// <summary>The adapter in the folder adapter.</summary>
    internal PeftAdapter Adapter { get; }

    /// <summary>Right files to splice with, by their ending.</summary>
    internal IReadOnlyDictionary<string, IReadOnlyList<byte[]>> ByEnding { get; }

    public string At(params string[] parts) => folder.At(parts);

    /// <summary>A command on the small model.</summary>
    internal string[] On(string verb, params string[] more) =>
        [verb, "--model", At("model"), "--data", At("texts"), "--backend", "reference", "--threads", "1", "--sequence-length", "16", "--batch-size", "2",
            .. more];

    /// <summary>Copies a part of the specimens, a folder or a file.</summary>
    internal void Copy(string name, string to)
    {
        foreach (string file in Directory.Exists(At(name)) ? Directory.GetFiles(At(name), "*", SearchOption.AllDirectories) : [At(name)])
        {
            string target = Path.Combine(to, Path.GetRelativePath(folder.Path, file));
            Directory.CreateDirectory(Path.GetDirectoryName(target)!);
            File.Copy(file, target);
        }
    }

    public void Dispose() => folder.Dispose();

    private static string Lines(string animal, int count) => string.Concat(Enumerable.Range(0, count).Select(i =>
        $"the {animal} number {i} sat on mat {i * 7 % 13}.\n"));

    private static byte[] Gzipped(byte[] bytes)
    {
        using var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionLevel.Fastest, leaveOpen: true)) gzip.Write(bytes);
        return packed.ToArray();
    }

    private void Texts()
    {
        folder.File("texts/cats.txt", Lines("cat", 80));
        folder.File("texts/dogs.txt", Lines("dog", 80));
        folder.File("posts.jsonl", string.Concat(Enumerable.Range(0, 30).Select(i =>
            $$"""{"text": "post {{i}} on the h\u00e4rbour", "label": "{{"ab"[i % 2]}}", "n": {{i}}}{{'\n'}}""")));
        folder.File("posts.jsonl.gz", Gzipped(File.ReadAllBytes(At("posts.jsonl"))));
        folder.File("packed/a.txt.gz", Gzipped(File.ReadAllBytes(At("texts", "cats.txt"))));
        folder.File("rows.json", "[" + string.Join(",", File.ReadLines(At("posts.jsonl"))) + "]");
        folder.File("news/train.csv", "class,title,description\n" + string.Concat(Enumerable.Range(0, 60).Select(i =>
            $"{i % 3 + 1},\"cat {i}\",\"the dog sat on mat {i} at a\"\n")));
        folder.File("news/classes.txt", "World\nSports\nBusiness\n");
        folder.File("mixed/wiki/AA/wiki_00", string.Concat(Enumerable.Range(0, 10).Select(i => $"<doc id=\"{i}\" url=\"x\" title=\"T\">\nT\n\nArticle {i} "
            + $"&lt;b&gt; on cats.\n\n</doc>\n")));
        folder.File("mixed/wiki/AA/wiki_01", string.Concat(Enumerable.Range(0, 10).Select(i =>
            $$"""{"id": "{{i}}", "title": "T", "text": "Article {{i}} on cats."}{{'\n'}}""")));
        folder.File("mixed/code/a.py", "def f(x):\n    return x + 1\n");
        folder.File("mixed/code/b.jsonl", string.Concat(Enumerable.Range(0, 10).Select(i =>
            $$"""{"repo": "r", "content": "int f{{i}}() { return {{i}}; }"}{{'\n'}}""")));
        folder.File("mixed/code/c.txt", "one text\n<|endoftext|>\nanother\n<|endoftext|>\n");
        folder.File("people/ann.txt", Lines("cat", 40));
        folder.File("people/bob.txt", Lines("dog", 40));
        folder.File("people/public.txt", Lines("cow", 40));
        folder.File("own/a.txt", Lines("cat", 40));
        folder.File("own/b.jsonl", string.Concat(Enumerable.Range(0, 10).Select(i => $$"""{"text": "the cat {{i}} sat on a mat."}{{'\n'}}""")));
        folder.File("own/own.json", """
            {"clients": [{"name": "ann", "files": ["a.txt"], "category": "x"},
            {"name": "bob", "files": ["b.jsonl"], "trust": [], "category": "y"}], "public": []}
            """);
        var hashes = new FileHashes();
        foreach (string name in new[] { "a.txt", "b.jsonl", "own.json" }) hashes.Add(At("own"), At("own", name));
        hashes.Save(At("own"));
        folder.File("preset.json", """
            { "about": "A preset.", // with a comment
              "options": { "data": "news", "lr": 0.01, "rslora": true }, "mixed_trap": 22,
              "scales": { "tiny": { "seeds": 3, "options": { "clients": 4 }, "where": [ { "distribution": "specific", "compat": "paper",
                  "options": { "trap": "23=corrected" } } ] } } }
            """);
    }

    private void Models()
    {
        Run("pretrain", "--data", At("texts"), "--tokenizer", "chars", "--layers", "1", "--heads", "2", "--embd", "4", "--sequence-length", "16",
            "--batch-size", "2",
            "--iterations", "2", "--backend", "reference", "--out", At("model"));
        File.Delete(At("model", "summary.json"));
        var trained = BpeTrainer.Train([Lines("cat", 50)], 290);
        trained.Save(At("bpe"));
        folder.File("bpe/tokenizer_config.json",
            """{"tokenizer_class": "GPT2Tokenizer", "add_prefix_space": false, "eos_token": "<|endoftext|>", "model_max_length": 1024}""");
        folder.File("bpe/special_tokens_map.json", """{"eos_token": "<|endoftext|>"}""");
        string merges = string.Join(", ", File.ReadLines(At("bpe", "merges.txt")).Skip(1).Select(line => JsonSerializer.Serialize(line)));
        folder.File("fast/tokenizer.json", $$"""
            {"version": "1.0", "normalizer": null, "pre_tokenizer": {"type": "ByteLevel", "add_prefix_space": false, "trim_offsets": true},
             "decoder": {"type": "ByteLevel"}, "added_tokens": [{"id": {{trained.EndOfText}}, "content": "<|endoftext|>", "special": true}],
             "model": {"type": "BPE", "vocab": {{File.ReadAllText(At("bpe", "vocab.json"))}}, "merges": [{{merges}}] } }
            """);
        Run(On("train", "--iterations", "2", "--out", At("adapter")));
        Directory.CreateDirectory(At("sharded"));
        File.Copy(At("model", "config.json"), At("sharded", "config.json"));
        Shards();
        Run("prepare", "--data", At("texts"), "--tokenizer", At("model"), "--clients", "2", "--train-tokens", "100", "--trust-tokens", "40",
            "--report-tokens", "40",
            "--public-tokens", "40", "--out", At("prepared"));
        folder.File("llmc/model.bin", Llmc());
        var batch = new TensorBag();
        batch.Add("input_ids", [2, 4], [1, 2, 3, 4, 5, 6, 7, 8]);
        batch.Add("targets", [2, 4], [2, 3, 4, 5, 6, 7, 8, -1]);
        batch.Save(At("batch.safetensors"));
        var probe = new TensorBag();
        probe.Add("val.0.input_ids", [1, 2, 4], [1, 2, 3, 4, 5, 6, 7, 8]);
        probe.Add("val.0.targets", [1, 2, 4], [2, 3, 4, 5, 6, 7, 8, 9]);
        probe.Add("ref.input_ids", [1, 2, 4], [1, 2, 3, 4, 5, 6, 7, 8]);
        probe.Save(At("probe.safetensors"));
    }

    /// <summary>A model of llm.c: 8 numbers of a header of 256, and all parameters.</summary>
    private static byte[] Llmc()
    {
        int[] header = [20240326, 3, 8, 10, 1, 1, 4, 10];
        float[] parameters = [.. Enumerable.Range(0, (10 + 8) * 4 + 12 * 16 + 13 * 4 + 2 * 4).Select(i => i % 7 / 10f)];
        return [.. MemoryMarshal.AsBytes<int>(header), .. new byte[1024 - 32], .. MemoryMarshal.AsBytes<float>(parameters)];
    }

    private void Shards()
    {
        using var whole = HfCheckpoint.Open(At("model"));
        var entries = whole.Config.Layout().Entries.ToArray();
        var map = new List<string>();
        foreach (var (part, of) in new[] { ("a.safetensors", entries[..5]), ("b.safetensors", entries[5..]) })
        {
            var bag = new TensorBag();
            foreach (var e in of)
            {
                var values = new float[e.Length];
                whole.Read(e.Name, values);
                bag.Add(e.Name, e.Shape, values);
                map.Add($"\"{e.Name}\": \"{part}\"");
            }
            bag.Save(At("sharded", part));
        }
        folder.File("sharded/model.safetensors.index.json", $$"""{"metadata": {"total_size": 1}, "weight_map": { {{string.Join(", ", map)}} } }""");
    }

    private void Runs()
    {
        string[] collab = On("collab", "--clients", "2", "--iterations", "4", "--pretraining-rounds", "2", "--trust-freq", "2", "--train-tokens", "200",
            "--trust-tokens", "50",
            "--report-tokens", "50", "--public-tokens", "100", "--checkpoint-every", "1");
        Run([.. collab, "--schemes", "local,fedavg,weights,validation,prediction", "--comparators", "pooled_all", "--out", At("run")]);
        Run("replay", "--run", At("run"), "--after-local");
        Run([.. collab, "--schemes", "fedex", "--out", At("exact")]);
        Directory.Move(At("exact", "adapters", "fedex", "client_0"), At("corrected"));
        Stopped([.. collab, "--schemes", "local,fedavg", "--out", At("stopped")]);
        string index = At("stopped", "checkpoints", "index.json");
        folder.File("unsealed/index.json", SealedJson.Open(index, File.ReadAllText(index))!);
        Stopped(On("train", "--iterations", "4", "--checkpoint-every", "1", "--out", At("training")));
    }

    private void Experiments()
    {
        string run = "runs/" + RunFolder.ReadSummary(At("run")).RunId;
        new Experiment
        {
            Name = "sweep",
            Family = "texts",
            Scale = "own",
            Cells = [new("texts", "specific", "corrected", 1, run, "lr", "0.01", "collab --lr 0.01"), new("texts", "specific", "corrected", 2, run)],
        }.Write(At("experiment"));
        foreach (string file in Directory.GetFiles(At("run"), "*", SearchOption.AllDirectories))
            folder.File(Path.Combine("experiment", run, Path.GetRelativePath(At("run"), file)), File.ReadAllBytes(file));
        Run(On("profile", "--steps", "1", "--out", At("profile")));
    }

    /// <summary>Leaves a folder as a process that died before its result was written does.</summary>
    private static void Stopped(string[] args)
    {
        Disk.Observer = (_, path) =>
        {
            if (Path.GetFileName(path).StartsWith("summary.json", StringComparison.Ordinal)) throw new OperationCanceledException();
        };
        try
        {
            CliRun.Of(args);
        }
        finally
        {
            Disk.Observer = null;
        }
    }

    private static void Run(params string[] args)
    {
        var run = CliRun.Of(args);
        if (run.ExitCode != 0) throw new InvalidOperationException($"{string.Join(' ', args)}: {run.Error}");
    }
}
