namespace LoraCollab.Testing.Damage;

/// <summary>What damage needs to know of a file, so that most of it stays believable.</summary>
public enum FileForm
{
    /// <summary>Anything.</summary>
    Bytes,

    /// <summary>Lines of text.</summary>
    Lines,

    /// <summary>One JSON value.</summary>
    Json,

    /// <summary>A JSON value a line.</summary>
    JsonLines,

    /// <summary>Eight bytes of length, a JSON header, the tensors' bytes.</summary>
    Safetensors,
}
