namespace LoraCollab.Data.Options;

/// <summary>A value of several parts, of which those that are not given stay as they stand.</summary>
public interface IOverlay
{
    /// <summary>These parts, and those of <paramref name="standing"/> that these leave open.</summary>
    object Over(object? standing);
}
