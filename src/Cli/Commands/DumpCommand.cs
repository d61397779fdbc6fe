namespace LoraCollab.Cli.Commands;

[Verb("dump", "Logits, loss, activations and gradients of one batch, for comparison with other systems.")]
[Example("An adapter's gradients on one batch", "--model gpt2/ --adapter adapter/ --in batch.safetensors --out dump.safetensors --backend host")]
internal sealed class DumpCommand : Command
{
    [ModelOption]
    public string? Model { get; init; }

    [AdapterOption]
    public string? Adapter { get; init; }

    [InOption(Also = ["batch"])]
    public string? In { get; init; }

    [OutOption]
    public string? Out { get; init; }

    [Options]
    public BackendChoice Machine { get; init; } = new();

    public override int Run(CommandContext context)
    {
        string output = Required("out", "the safetensors file to write");
        string input = Required("in", "a safetensors file with input_ids and targets");
        using var source = ModelSource.Open(Model, seed: 1);
        var adapter = source.Adapter(Adapter);
        var (ids, targets, batch) = ReadBatch(input);
        (adapter is null ? MemoryEstimate.ForFullTraining(source.Config, batch, ids.Length / batch, Machine.Size)
            : MemoryEstimate.ForAdapters(source.Config, adapter.Options, 1, 1, batch, ids.Length / batch, Machine.Size)).Require();
        using var backend = Machine.Open();
        using var model = adapter is null ? GptModel.ForTraining(backend, source.Weights) : GptModel.Frozen(backend, source.Weights);
        var dump = TensorDump.Of(model, ids, targets, batch, adapter);
        dump.Save(output);
        double loss = dump.Floats("loss")[0];
        if (Json) context.Out.WriteLine(JsonText.Line(new { loss, tensors = dump.Names.Count(), @out = output }));
        else context.Out.WriteLine($"loss {Format.Fixed(loss, 6)}; {dump.Names.Count()} tensors → {output}");
        return ExitCode.Success;
    }

    private static (int[] Ids, int[] Targets, int Batch) ReadBatch(string input)
    {
        var file = TensorBag.Load(input);
        int[] shape = file.Shape("input_ids");
        if (shape.Length != 2 || shape[0] < 1 || shape[1] < 1)
            throw new UserException($"{input}: input_ids has shape [{string.Join(", ", shape)}], expected [B, T]");
        if (!file.Shape("targets").SequenceEqual(shape))
            throw new UserException($"{input}: targets has shape [{string.Join(", ", file.Shape("targets"))}], expected [{string.Join(", ", shape)}] as "
                + $"input_ids has");
        return (file.Ints("input_ids"), file.Ints("targets"), shape[0]);
    }
}
