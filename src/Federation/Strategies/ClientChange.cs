namespace LoraCollab.Federation.Strategies;

/// <summary>
/// What one client has learnt since it last received something, θ_j − θ_j^received, as one row of W sees it. At the first aggregation that is all it has
/// learnt since its initial adapter: the change of <see cref="CollaborationOptions.SharedIterations"/> steps, where later ones are of <see
/// cref="CollaborationOptions.TrustFrequency"/>.
/// </summary>
/// <param name="Client">j.</param>
/// <param name="Weight">w_ij > 0.</param>
/// <param name="Values">[parameters].</param>
internal sealed record ClientChange(int Client, double Weight, double[] Values)
{
    /// <summary>Σ_j w_ij·change_j.</summary>
    public static double[] Mean(IReadOnlyList<ClientChange> changes)
    {
        var mean = new double[changes[0].Values.Length];
        foreach (var change in changes)
            for (int e = 0; e < mean.Length; e++) mean[e] += change.Weight * change.Values[e];
        return mean;
    }

    /// <summary>
    /// θ_i ← Σ_j w_ij θ_j^received + step(changes of all j with w_ij > 0). Clients of one neighbourhood receive one model: without a topology there is one
    /// server, with one each neighbourhood is served apart. The plain mean of the changes as a step is FedAvg.
    /// </summary>
    /// <param name="step">Of the server's number, see <see cref="ITrustRound.Neighbourhood"/>, and its changes, ascending by client.</param>
    /// <returns>[N][parameters].</returns>
    /// <exception cref="CollaborationFailedException">A client sent something that is not finite.</exception>
    public static float[][] Receive(ITrustRound round, TrustMatrix trust, Func<int, IReadOnlyList<ClientChange>, double[]> step)
    {
        double[][] changes = [.. Enumerable.Range(0, round.Clients).Select(j => Of(round, j))];
        var received = new float[round.Clients][];
        int[] servers = [.. Enumerable.Range(0, received.Length).Select(round.Neighbourhood)];
        for (int i = 0; i < received.Length; i++)
        {
            int first = Array.FindIndex(servers, s => s == servers[i]);
            received[i] = first < i ? received[first] : Serve(i);
        }
        return received;

        float[] Serve(int i)
        {
            ClientChange[] row = [.. Enumerable.Range(0, round.Clients).Where(j => trust[i, j] > 0).Select(j => new ClientChange(j, trust[i, j], changes[j]))];
            var model = step(servers[i], row);
            foreach (var change in row)
                for (int e = 0; e < model.Length; e++) model[e] += change.Weight * round.Anchors[change.Client][e];
            return Array.ConvertAll(model, x => (float)x);
        }
    }

    private static double[] Of(ITrustRound round, int client)
    {
        var change = new double[round.Shape.Length];
        for (int e = 0; e < change.Length; e++)
        {
            float value = round.Adapters[client][e];
            if (!float.IsFinite(value))
                throw new CollaborationFailedException($"client {client} sent an adapter whose number {e} is {value}: it cannot be mixed");
            change[e] = (double)value - round.Anchors[client][e];
        }
        return change;
    }
}
