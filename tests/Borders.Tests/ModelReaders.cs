using LoraCollab.Testing.Damage;

namespace LoraCollab.Borders.Tests;

/// <summary>Models, adapters, files of tensors.</summary>
internal static class ModelReaders
{
    public static IReadOnlyList<ReaderCase> All { get; } =
    [
        Model("config.json", FileForm.Json, "model/config.json", "HfConfig.Read", "HfJson.Read"),
        Model("model.safetensors", FileForm.Safetensors, "model/model.safetensors", "HfCheckpoint.Open", "SafetensorsFile.Open"),
        Model("shard", FileForm.Safetensors, "sharded/b.safetensors"),
        Model("shard index", FileForm.Json, "sharded/model.safetensors.index.json", "HfCheckpoint.FilesOf"),
        Adapter("adapter_config.json", FileForm.Json, "adapter/adapter_config.json", "PeftConfig.Read"),
        Adapter("adapter_model.safetensors", FileForm.Safetensors, "adapter/adapter_model.safetensors", "PeftAdapter.Load"),
        Adapter("base_correction.safetensors", FileForm.Safetensors, "corrected/base_correction.safetensors", "PeftAdapter.ReadCorrection"),
        new("model of llm.c", FileForm.Bytes, "llmc/model.bin",
            ["LlmcCheckpoint.Is", "LlmcCheckpoint.LlmcCheckpoint", "LlmcCheckpoint.Open", "OtherFormats.Beginning"], c =>
        {
            string file = c.At("llmc", "model.bin");
            if (!LlmcCheckpoint.Is(file)) return;
            using var model = LlmcCheckpoint.Open(file);
            foreach (var entry in model.Config.Layout().Entries) model.Read(entry.Name, new float[entry.Length]);
        }),
        new("tensors of a batch", FileForm.Safetensors, "batch.safetensors", ["TensorBag.Load", "DumpCommand.ReadBatch"], c =>
        {
            var bag = TensorBag.Load(c.At("batch.safetensors"));
            foreach (string name in bag.Names) Assert.NotNull(bag.Shape(name));
            bag.Ints("input_ids");
        }),
    ];

    private static ReaderCase Model(string name, FileForm form, string file, params string[] members) => new(name, form, file, members, c =>
    {
        using var model = HfCheckpoint.Open(c.At(Path.GetDirectoryName(file)!));
        foreach (var entry in model.Config.Layout().Entries) model.Read(entry.Name, new float[entry.Length]);
    });

    private static ReaderCase Adapter(string name, FileForm form, string file, params string[] members) =>
        new(name, form, file, members, c => PeftAdapter.Load(c.At(Path.GetDirectoryName(file)!), c.Right.Config));
}
