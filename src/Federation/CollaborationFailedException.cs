namespace LoraCollab.Federation;

/// <summary>The run itself failed, through nobody's input: a loss that is not finite. The message names scheme, client, step and tensor.</summary>
public sealed class CollaborationFailedException(string message, Exception cause) : Exception(message, cause);
