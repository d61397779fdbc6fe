using CommandLine;
using CommandLine.Text;

namespace LoraCollab.Cli.Commands;

[Verb("dump", HelpText = "Logits, loss, activations and gradients of one batch, for comparison with other systems.")]
internal sealed class DumpCommand : Command, IModelOption, IAdapterOption, IOutOption, IBackendOptions
{
    public string? Model { get; set; }
    public string? Adapter { get; set; }

    [Option("batch", MetaValue = "FILE", Required = true, HelpText = "A safetensors file with input_ids and targets, whole numbers [B, T]; a target of -1 is ignored.")]
    public string Batch { get; set; } = "";

    public string? Out { get; set; }
    public string? Backend { get; set; }
    public string? Threads { get; set; }

    [Usage(ApplicationAlias = "loracollab")]
    public static IEnumerable<Example> Examples =>
        [new("An adapter's gradients on one batch", new DumpCommand { Model = "gpt2/", Adapter = "adapter/", Batch = "batch.safetensors", Out = "dump.safetensors", Backend = "host" })];

    public override int Run(CommandContext context)
    {
        string output = Required.Option("dump", "--out", Out, "the safetensors file to write");
        var choice = BackendChoice.Of(this);
        using var source = ModelSource.Open(Model, seed: 1);
        var adapter = source.Adapter(Adapter);
        var (ids, targets, batch) = ReadBatch();
        (adapter is null ? MemoryEstimate.ForFullTraining(source.Config, batch, ids.Length / batch, choice.Size)
            : MemoryEstimate.ForAdapters(source.Config, adapter.Options, 1, 1, batch, ids.Length / batch, choice.Size)).Require();
        using var backend = choice.Open();
        using var model = adapter is null ? GptModel.ForTraining(backend, source.Weights) : GptModel.Frozen(backend, source.Weights);
        var dump = TensorDump.Of(model, ids, targets, batch, adapter);
        dump.Save(output);
        double loss = dump.Floats("loss")[0];
        if (Json) context.Out.WriteLine(JsonText.Line(new { loss, tensors = dump.Names.Count(), @out = output }));
        else context.Out.WriteLine($"loss {Format.Fixed(loss, 6)}; {dump.Names.Count()} tensors → {output}");
        return ExitCode.Success;
    }

    private (int[] Ids, int[] Targets, int Batch) ReadBatch()
    {
        var file = TensorBag.Load(Batch);
        int[] shape = file.Shape("input_ids");
        if (shape.Length != 2 || shape[0] < 1 || shape[1] < 1) throw new UserException($"{Batch}: input_ids has shape [{string.Join(", ", shape)}], expected [B, T]");
        if (!file.Shape("targets").SequenceEqual(shape))
            throw new UserException($"{Batch}: targets has shape [{string.Join(", ", file.Shape("targets"))}], expected [{string.Join(", ", shape)}] as input_ids has");
        return (file.Ints("input_ids"), file.Ints("targets"), shape[0]);
    }
}
