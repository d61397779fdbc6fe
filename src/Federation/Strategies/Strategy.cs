namespace LoraCollab.Federation.Strategies;

/// <summary>The plain case of every part: clients train alone and take Σ_j w_ij θ_j, nothing is read beyond adapters, and nothing is remembered.</summary>
public abstract class Strategy(StrategyDeclaration declared) : IStrategy
{
    public StrategyDeclaration Declared => declared;

    public virtual LocalRule Local => LocalRule.Plain;

    public virtual bool MixesByWeights => Local is { KeepsOwn: false, TrainsShared: false };

    public virtual IReadOnlyList<float[]?>? Corrections => null;

    public virtual RoundCost Cost(int clients) => default;

    public abstract TrustScores Score(ITrustRound round);

    public virtual Mixed Mix(ITrustRound round, TrustMatrix trust) => new(AdapterMixer.Mix(round.Adapters, trust));

    public virtual TrustExplanation Explain(TrustExplanation frame, IExplainedPair pair) =>
        throw new UserException($"{declared.Name} has no explanation: its weights are no scores of pairs that could be taken apart");

    public virtual void Save(TensorBag bag) { }

    public virtual void Load(TensorBag bag) { }
}

/// <summary>FedAvg and what is built on it: everybody's weight is 1/N, under a topology the mean over neighbours.</summary>
public abstract class FedAvgVariant(StrategyDeclaration declared) : Strategy(declared)
{
    public sealed override TrustScores Score(ITrustRound round) => new(ScoreMatrix.Fill(round.Clients, (_, _) => 1), TrustNormalisation.Proportional);
}

/// <summary>
/// A server that makes a step of its own out of the clients' changes: θ_i ← Σ_j w_ij θ_j^received + step(changes of all j with w_ij > 0). Clients of one
/// neighbourhood receive one model: without a topology there is one server, with one each neighbourhood is served apart. The plain mean of the changes as a
/// step is FedAvg.
/// </summary>
public abstract class ServerStep(StrategyDeclaration declared) : FedAvgVariant(declared)
{
    public sealed override bool MixesByWeights => false;

    /// <exception cref="CollaborationFailedException">A client sent something that is not finite.</exception>
    public sealed override Mixed Mix(ITrustRound round, TrustMatrix trust)
    {
        double[][] changes = [.. Enumerable.Range(0, round.Clients).Select(j => Change(round, j))];
        var received = new float[round.Clients][];
        int[] servers = [.. Enumerable.Range(0, received.Length).Select(round.Neighbourhood)];
        for (int i = 0; i < received.Length; i++)
        {
            int first = Array.FindIndex(servers, s => s == servers[i]);
            received[i] = first < i ? received[first] : Serve(i);
        }
        return new Mixed(received);

        float[] Serve(int i)
        {
            ClientChange[] row = [.. Enumerable.Range(0, round.Clients).Where(j => trust[i, j] > 0).Select(j => new ClientChange(j, trust[i, j], changes[j]))];
            var model = Step(servers[i], row);
            foreach (var change in row)
                for (int e = 0; e < model.Length; e++) model[e] += change.Weight * round.Anchors[change.Client][e];
            return Array.ConvertAll(model, x => (float)x);
        }
    }

    /// <summary>[parameters].</summary>
    /// <param name="server">Its number, see <see cref="ITrustRound.Neighbourhood"/>.</param>
    /// <param name="changes">Of those it serves, ascending by client.</param>
    protected abstract double[] Step(int server, IReadOnlyList<ClientChange> changes);

    /// <summary>Σ_j w_ij·change_j.</summary>
    protected static double[] Mean(IReadOnlyList<ClientChange> changes)
    {
        var mean = new double[changes[0].Values.Length];
        foreach (var change in changes)
            for (int e = 0; e < mean.Length; e++) mean[e] += change.Weight * change.Values[e];
        return mean;
    }

    private static double[] Change(ITrustRound round, int client)
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

/// <summary>
/// What one client has learnt since it last received something, θ_j − θ_j^received, as one row of W sees it. At the first aggregation that is all it has
/// learnt since its initial adapter: the change of <see cref="CollaborationOptions.SharedIterations"/> steps, where later ones are of <see
/// cref="CollaborationOptions.TrustFrequency"/>.
/// </summary>
/// <param name="Client">j.</param>
/// <param name="Weight">w_ij > 0.</param>
/// <param name="Values">[parameters].</param>
public sealed record ClientChange(int Client, double Weight, double[] Values);
