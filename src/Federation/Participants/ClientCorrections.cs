namespace LoraCollab.Federation.Participants;

/// <summary>
/// The corrected weights that clients train and are evaluated over in the base's place, where a method corrects them: packed once for all clients that share
/// a correction.
/// </summary>
internal sealed class ClientCorrections(Workspace workspace, IReadOnlyList<Client> clients) : IDisposable
{
    private readonly Dictionary<float[], WeightCorrection> _made = new(ReferenceEqualityComparer.Instance);

    /// <param name="values">[N]: what is added to each client's weights, one array where it is the same; null: nothing.</param>
    public void Set(IReadOnlyList<float[]?>? values)
    {
        Dispose();
        if (values is null) return;
        foreach (var client in clients)
        {
            if (values[client.Id] is not { } own) continue;
            if (!_made.TryGetValue(own, out var correction))
                _made.Add(own, correction = new WeightCorrection(workspace.Model.Backend, workspace.Model, workspace.Lora, own));
            client.Trainer.Adapter.Correction = correction;
        }
    }

    public void Dispose()
    {
        foreach (var client in clients) client.Trainer.Adapter.Correction = null;
        foreach (var correction in _made.Values) correction.Dispose();
        _made.Clear();
    }
}
