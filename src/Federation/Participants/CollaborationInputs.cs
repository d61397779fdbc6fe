namespace LoraCollab.Federation.Participants;

/// <summary>What a run works on.</summary>
/// <param name="ModelName">The base model's name or its folder's, as results and adapters will refer to it: no path.</param>
/// <param name="Weights">The base model.</param>
/// <param name="Data">Who holds what.</param>
/// <param name="Backend">Where it computes; stays the caller's.</param>
public sealed record CollaborationInputs(string ModelName, IWeights Weights, FederatedData Data, ComputeBackend Backend)
{
    private string? _modelHash;

    /// <summary>The adapter that every client starts from; null: a fresh one.</summary>
    public PeftAdapter? Start { get; init; }

    /// <summary>Hash of configuration and weights; where it is not given, the weights are read once to compute it.</summary>
    public string ModelHash
    {
        get => _modelHash ??= Participants.ModelHash.Of(Weights);
        init => _modelHash = value;
    }
}
