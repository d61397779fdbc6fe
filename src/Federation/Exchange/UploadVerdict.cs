namespace LoraCollab.Federation.Exchange;

/// <summary>What <see cref="UploadCheck"/> found in a round.</summary>
/// <param name="Faults">[M]: what is wrong with each upload; null: nothing.</param>
/// <param name="Largest">Of the good ones, the largest norm of a change over the median and the rounds it is of; 0 where there is no measure.</param>
public sealed record UploadVerdict(IReadOnlyList<string?> Faults, double Largest)
{
    /// <summary>True where the median change is zero, so that no norm can be measured by it.</summary>
    public bool Unmeasured { get; init; }
}
