namespace LoraCollab.Engine.Diagnostics;

/// <summary>The arithmetic has failed: a number that is not finite, or a kernel that wrote where it must not. The run is over.</summary>
public abstract class ComputationFailedException(string message) : Exception(message);
