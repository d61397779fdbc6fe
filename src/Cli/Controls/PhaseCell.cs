namespace LoraCollab.Cli.Controls;

/// <summary>One place of the phase diagram: mean report losses over seeds and clients.</summary>
/// <param name="TrainTokens">Scarcity: tokens a client trains on.</param>
/// <param name="Conflict">How much the categories contradict each other.</param>
/// <param name="Local">Loss of training alone.</param>
/// <param name="FedAvg">Loss of equal shares.</param>
/// <param name="Personalised">Loss of the scheme that is best on trust-validation text among the others.</param>
/// <param name="Scheme">Its name.</param>
internal sealed record PhaseCell(int TrainTokens, double Conflict, double Local, double FedAvg, double Personalised, string Scheme)
{
    private (string Name, double Loss)[] Ranked => [.. new[] { ("Local", Local), ("FedAvg", FedAvg), ("personalised", Personalised) }.OrderBy(r => r.Item2)];

    /// <summary>Local, FedAvg or personalised.</summary>
    public string Best => Ranked[0].Name;

    /// <summary>Nats from the best to the next.</summary>
    public double Margin => Ranked[1].Loss - Ranked[0].Loss;
}
