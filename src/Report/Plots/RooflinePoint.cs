namespace LoraCollab.Report.Plots;

/// <summary>One kind of work in a roofline picture.</summary>
/// <param name="Group">Points of one group have one colour.</param>
/// <param name="Name">How the list beside the picture calls it.</param>
/// <param name="Intensity">FLOPs a byte, above 0.</param>
/// <param name="GflopS">10⁹ FLOPs a second, above 0.</param>
/// <param name="Share">Of the whole time, 0 … 1: the area of the point.</param>
public readonly record struct RooflinePoint(string Group, string Name, double Intensity, double GflopS, double Share);
