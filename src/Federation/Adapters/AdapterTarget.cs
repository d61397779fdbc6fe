namespace LoraCollab.Federation.Adapters;

/// <summary>Where one adapted weight's factors lie in the flat adapter: A [r, IC] at <paramref name="AOffset"/>, B [OC, r] at <paramref name="BOffset"/>, row-major.</summary>
public sealed record AdapterTarget(string Name, int IC, int OC, int Rank, int AOffset, int BOffset);
