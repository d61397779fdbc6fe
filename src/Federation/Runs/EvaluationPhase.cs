namespace LoraCollab.Federation.Runs;

/// <summary>When an evaluation happened.</summary>
public enum EvaluationPhase
{
    /// <summary>Before any training.</summary>
    Base,

    /// <summary>Just before an aggregation.</summary>
    Before,

    /// <summary>Just after it.</summary>
    After,
}
