namespace LoraCollab.Federation.Runs;

/// <summary>Which rounds' adapters stay on disk.</summary>
public enum KeepRounds
{
    All,
    Last,
    None,
}
