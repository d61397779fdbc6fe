namespace LoraCollab.Federation.Strategies;

/// <summary>
/// The run itself failed, through nobody's input: a loss or an adapter that is not finite. The message names client, step and tensor as far as they are known.
/// </summary>
public sealed class CollaborationFailedException(string message, Exception? cause = null) : Exception(message, cause)
{
    /// <summary>True where an upload did not pass the check: a run with other options would go on without it, or with it.</summary>
    public bool IsBadUpload { get; init; }
}
