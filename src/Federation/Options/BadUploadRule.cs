namespace LoraCollab.Federation.Options;

/// <summary>What becomes of a run in which a client's upload does not pass <see cref="UploadCheck"/>.</summary>
public enum BadUploadRule
{
    /// <summary>It stops, and names the client.</summary>
    Stop,

    /// <summary>It goes on without the client: <see cref="Exclusion"/>.</summary>
    Exclude,
}
