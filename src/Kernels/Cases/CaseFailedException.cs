namespace LoraCollab.Kernels.Cases;

/// <summary>A backend did not do what a case says.</summary>
public sealed class CaseFailedException(string message) : Exception(message);
