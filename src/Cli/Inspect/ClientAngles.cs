namespace LoraCollab.Cli.Inspect;

/// <summary>Reads the last adapters of a finished run's clients and measures the angles between them, scheme by scheme.</summary>
internal static class ClientAngles
{
    /// <exception cref="UserException">There is no such run, its adapters are not kept, or they were made for another model.</exception>
    public static IReadOnlyList<(string Scheme, IReadOnlyList<UpdateAngles> Angles)> Of(string folder, GptConfig config)
    {
        var run = RunRecord.Read(folder);
        if (run.Manifest.Clients.Count < 2) throw new UserException($"--run {folder}: a run of one client has no angles");
        return [.. run.Schemes.Select(scheme => (scheme, Of(run, scheme, config)))];
    }

    private static IReadOnlyList<UpdateAngles> Of(RunRecord run, string scheme, GptConfig config)
    {
        var clients = Enumerable.Range(0, run.Manifest.Clients.Count);
        PeftAdapter[] adapters = [.. clients.Select(i => RunFolder.ReadAdapter(run.Folder, scheme, i, config))];
        var shape = AdapterShape.From(LoraLayout.Of(config, adapters[0].Options), adapters[0].Options.Scale);
        return UpdateAngles.Of(shape, [.. adapters.Select(a => a.Values)]);
    }
}
