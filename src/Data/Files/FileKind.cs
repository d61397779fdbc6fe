namespace LoraCollab.Data.Files;

/// <summary>What a path leads to.</summary>
public enum FileKind
{
    /// <summary>Nothing: there is no such name, or a link that leads nowhere or never ends.</summary>
    Nothing,

    /// <summary>An ordinary file.</summary>
    File,

    Folder,

    /// <summary>A named pipe: whoever opens it waits for somebody to write.</summary>
    Pipe,

    Socket,

    /// <summary>A device, whose bytes may never end.</summary>
    Device,
}
