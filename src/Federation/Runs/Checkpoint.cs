namespace LoraCollab.Federation.Runs;

/// <summary>What a stopped run goes on from, as <see cref="Checkpoints"/> keeps it.</summary>
/// <param name="File">Name of the file with the clients' tensors, beside the index.</param>
/// <param name="Progress">How far the run is.</param>
internal sealed record Checkpoint(string File, RunProgress Progress)
{
    /// <summary>
    /// Every file that the run has written until then and goes on from, by its path below the run folder; null in checkpoints of earlier versions.
    /// </summary>
    public IReadOnlyDictionary<string, FileHash>? Hashes { get; init; }

    /// <summary>As an index holds it.</summary>
    public string ToText() => SealedJson.Seal(RunJson.File(this));

    /// <exception cref="UserException">The text is damaged.</exception>
    public static Checkpoint Parse(string origin, string text)
    {
        string? sealedText = SealedJson.Open(origin, text);
        var found = ForeignBytes.Read(origin, "a checkpoint", () => RunJson.Parse<Checkpoint>(origin, sealedText ?? text));
        if (sealedText is null && found.Hashes is not null) throw new UserException($"{origin}: damaged: the SHA-256 of its own text is missing at its end");
        if (!PlainName.IsPlain(found.File) || found.Progress is null)
            throw new UserException($"{origin}: damaged: expected the name of a file beside it and how far the run is");
        return found;
    }
}
