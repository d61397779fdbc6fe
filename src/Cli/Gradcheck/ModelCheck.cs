namespace LoraCollab.Cli.Gradcheck;

/// <summary>Gradients of a layer or of a whole model.</summary>
internal static class ModelCheck
{
    private const int Batch = 2, Length = 4, Swept = 8, SweptOfLargeModel = 3;

    /// <summary>About a hundredth of the parameters' spread: the smallest model is wider than a trained one.</summary>
    private const double Spacing = 1e-3;

    /// <exception cref="UserException">No such layer or tensor, or a model too large for this machine.</exception>
    public static GradcheckResult Run(GradcheckCommand command, ComputeBackend backend, int elements)
    {
        var (layer, seed) = (command.Layer ?? "all", command.Seed);
        if (layer != "all" && !ModelGradients.Layers.Contains(layer)) throw OptionException.Unknown("layers-of", layer, ModelGradients.Layers.Append("all"));
        using var source = command.Model is null ? new ModelSource("a small random GPT-2", null, new WideWeights(WideWeights.Smallest, seed))
            : ModelSource.Open(command.Model, seed);
        var lora = layer == "adapter" ? new LoraOptions { Rank = 2, Alpha = 4, Targets = LoraTargets.All } : null;
        // The model stands twice: in double and on the backend.
        var memory = MemoryEstimate.ForFullTraining(source.Config, Batch, Length, new ComputeSize(BackendKind.Reference, 1));
        (memory with { Scratch = memory.Scratch + MemoryEstimate.ForFullTraining(source.Config, Batch, Length, command.Machine.Size).Total }).Require();
        using var model = new ModelGradients(source.Name, source.Weights, backend, lora, Batch, Length, Spacing, seed);
        var tensors = model.Tensors.Where(t => layer == "all" || ModelGradients.LayerOf(t.Name) == layer).ToList();
        if (command.Tensors?.Split(',') is { } parts)
        {
            foreach (string part in parts)
                if (!tensors.Any(t => t.Name.Contains(part, StringComparison.Ordinal)))
                    throw new UserException($"--tensors {part}: no tensor of {source.Name} has that in its name; "
                        + $"expected a part of {string.Join(", ", tensors.Take(4).Select(t => t.Name))}, …");
            tensors = [.. tensors.Where(t => parts.Any(p => t.Name.Contains(p, StringComparison.Ordinal)))];
        }
        string subject = $"{source.Name}, {(layer == "all" ? "every layer" : layer)}";
        return new GradcheckResult(subject, backend.Description, BackendNames.Of(backend), [.. tensors.Select(t => model.Check(t, elements))],
            [model.Sweep(command.Tensors ?? layer, tensors, command.Model is null ? Swept : SweptOfLargeModel)])
        {
            InForwardOrder = lora is null,
        };
    }
}
