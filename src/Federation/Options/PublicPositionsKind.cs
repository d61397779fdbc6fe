namespace LoraCollab.Federation.Options;

/// <summary>The forms of <see cref="PublicPositions"/>.</summary>
public enum PublicPositionsKind
{
    /// <summary>A number of them, drawn by the run's seed anew each round.</summary>
    Drawn,

    /// <summary>The last of every window (trap 8 = paper).</summary>
    Last,

    /// <summary>Every one.</summary>
    All,
}
