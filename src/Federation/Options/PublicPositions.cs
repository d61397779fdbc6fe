using System.Globalization;

namespace LoraCollab.Federation.Options;

/// <summary>Which positions of the public windows scheme 3 compares; the same for all clients.</summary>
/// <param name="Kind">Which.</param>
/// <param name="Count">How many where they are drawn; if the windows have fewer, all.</param>
public sealed record PublicPositions(PublicPositionsKind Kind, int Count = 0)
{
    public static PublicPositions Last { get; } = new(PublicPositionsKind.Last);

    public static PublicPositions All { get; } = new(PublicPositionsKind.All);

    public static PublicPositions Drawn(int count) => new(PublicPositionsKind.Drawn, count);

    /// <summary>Reads last, all or a number of positions.</summary>
    /// <exception cref="UserException">Something else.</exception>
    public static PublicPositions Parse(string text) => text switch
    {
        "last" => Last,
        "all" => All,
        _ when int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int count) && count > 0 => Drawn(count),
        _ => throw new OptionException("prediction-positions", text, "expected last, all or a positive number of positions"),
    };

    public override string ToString() => Kind switch
    {
        PublicPositionsKind.Last => "last",
        PublicPositionsKind.All => "all",
        _ => Count.ToString(CultureInfo.InvariantCulture),
    };
}

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
