namespace LoraCollab.Federation.Strategies;

/// <summary>A number of a method.</summary>
/// <param name="Default">Where none is given.</param>
/// <param name="Least">The least it may be.</param>
/// <param name="Most">The most it may be.</param>
/// <param name="Whole">Whole numbers only.</param>
public sealed record MethodNumber(double Default, double Least, double Most = double.MaxValue, bool Whole = false);
