namespace LoraCollab.Report.Plots;

/// <summary>One scheme in a round picture.</summary>
/// <param name="Name">The scheme.</param>
/// <param name="Style">As of <see cref="Series"/>.</param>
/// <param name="Middle">Who stands between the clients and what happens there, two lines; null where nobody does.</param>
/// <param name="Client">What the client does at the end.</param>
/// <param name="Up">From the client; null: nothing.</param>
/// <param name="Down">To the client; null: nothing.</param>
public sealed record RoundRow(string Name, int Style, (string Who, string Does)? Middle, string Client, RoundArrow? Up, RoundArrow? Down);
