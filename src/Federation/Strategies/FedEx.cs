namespace LoraCollab.Federation.Strategies;

/// <summary>
/// FedEx-LoRA (Singhal et al., arXiv:2410.09432): adapters are averaged as in FedAvg, and what mean(B)·mean(A) misses of mean(B·A) is added to the weights
/// that client i reads in the base's place: W_i ← W₀ + R_i + scale·B̄Ā with R_i = Σ_j w_ij·(R_j + scale·B_jA_j) − scale·B̄Ā, which is Σ_j
/// w_ij·W_j. Clients with the same row of W share one R.
/// </summary>
public sealed class FedEx() : FedAvgVariant(Declaration)
{
    private const string Stored = "method.correction";
    private const int None = -1; // of a client that has not taken part yet

    private float[]?[]? _corrections;

    public static StrategyDeclaration Declaration { get; } = new("fedex", _ => new FedEx())
    {
        Traffic = Traffic.Adapters | Traffic.Corrections,
        Refuses = o => o.Exchange == ExchangeModel.Peers && o.Topology != "full"
            ? $"under the topology {o.Topology} peers would have to send each other their corrected weights too; "
                + "exchange through a server, or leave the topology out"
            : null,
    };

    public override bool MixesByWeights => false;

    public override IReadOnlyList<float[]?>? Corrections => _corrections;

    public override Mixed Mix(ITrustRound round, TrustMatrix trust)
    {
        float[][] received = AdapterMixer.Mix(round.Adapters, trust);
        var factors = round.Adapters.Select(a => AdapterFactors.Of(round.Shape, a)).ToArray();
        float[]?[]? former = _corrections is { } all ? [.. round.Ids.Select(i => all[i])] : null;
        var corrections = new float[round.Clients][];
        for (int i = 0; i < corrections.Length; i++)
            corrections[i] = trust.FirstAlike(i) is var first && first < i ? corrections[first]
                : ExactResidual.Of(round.Shape, trust.Row(i).ToArray(), factors, former, AdapterFactors.Of(round.Shape, received[i]));
        var sent = Enumerable.Range(0, round.Clients).Select(i => Sent(round, trust, i, former, corrections[i])).ToArray();
        _corrections ??= new float[]?[round.Everyone];
        for (int i = 0; i < corrections.Length; i++) _corrections[round.Ids[i]] = corrections[i];
        return new Mixed(received) { Corrections = sent };
    }

    public override void Save(TensorBag bag)
    {
        if (_corrections is null) return;
        int[] first = [.. _corrections.Select(c => c is null ? None : Array.FindIndex(_corrections, other => ReferenceEquals(other, c)))];
        bag.Add(Stored, first);
        foreach (int i in first.Distinct().Where(i => i != None)) bag.Add(NameOf(i), [_corrections[i]!.Length], _corrections[i]!);
    }

    public override void Load(TensorBag bag)
    {
        _corrections = null;
        if (!bag.Contains(Stored)) return;
        int[] first = bag.Ints(Stored);
        var distinct = first.Distinct().Where(i => i != None).ToDictionary(i => i, i => bag.Floats(NameOf(i)));
        _corrections = [.. first.Select(distinct.GetValueOrDefault)];
    }

    /// <summary>
    /// What client i needs besides its mixed adapter: the others' adapters, if they had the same correction until now, or R_i itself, if that is less or they
    /// had not.
    /// </summary>
    private static IReadOnlyList<float[]> Sent(ITrustRound round, TrustMatrix trust, int i, float[]?[]? former, float[] correction)
    {
        int[] others = [.. Enumerable.Range(0, round.Clients).Where(j => j != i && trust[i, j] > 0)];
        bool alike = former is null || others.All(j => ReferenceEquals(former[j], former[i]));
        return alike && (long)others.Length * round.Shape.Length <= correction.Length ? [.. others.Select(j => round.Adapters[j])] : [correction];
    }

    private static string NameOf(int row) => FormattableString.Invariant($"{Stored}.{row}");
}
