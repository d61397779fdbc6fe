namespace LoraCollab.Federation.Strategies;

/// <summary>
/// CoBo (Hashemi, He and Jaggi, arXiv:2409.05539). Outer problem: min Σ_i F_i(θ_i) + ρ/2·Σ_i&lt;j w_ij‖θ_i − θ_j‖², so that every client is
/// pulled by ρ·Σ_j w_ij(θ_i − θ_j). Inner problem, for each pair at z = (θ_i + θ_j)/2: w_ij ← clip(w_ij + γ·⟨∇F_i(z), ∇F_j(z)⟩, 0, 1),
/// beginning at 1. Gradients are exact, of the first part of the training text; γ is given in 1/(mean of ‖∇F_i(z)‖·‖∇F_j(z)‖ over the pairs), as
/// the size of gradients depends on model and rank. W and the others' adapters are renewed at the aggregations, all pairs at once; the paper's every step, each
/// pair with probability 1/N.
/// </summary>
/// <param name="rho">ρ.</param>
/// <param name="gamma">γ over the mean product of norms.</param>
public sealed class CoBo(double rho, double gamma) : Strategy(Declaration)
{
    private static readonly MethodNumber s_rho = new("cobo.rho", 0.001, Least: 0), s_gamma = new("cobo.gamma", 1, Least: 0);

    private const string Weights = "method.cobo.weights";

    /// <summary>[N][N]: w of all pairs of the run; null: 1.</summary>
    private float[][]? _now;

    /// <summary>Of the pairs of this round.</summary>
    private float[][]? _next;

    public static StrategyDeclaration Declaration { get; } = new("cobo", c => new CoBo(c.Number(s_rho), c.Number(s_gamma)))
    {
        Numbers = [s_rho, s_gamma],
        Traffic = Traffic.Adapters | Traffic.PeerAdapters | Traffic.Gradients,
        Needs = StrategyNeeds.Gradients,
        Refuses = o => o.DpClip is null ? null : "its gradients would be sent without noise; leave cobo or privacy out",
    };

    public override LocalRule Local => new() { KeepsOwn = true, Pull = rho };

    public override RoundCost Cost(int clients) => new(ITrustRound.TrainingCost * (clients - 1));

    /// <summary>s_ij = w_ij after the step, 0 on the diagonal: the rows shared out are where each client is pulled, Σ_j w_ij θ_j / Σ_j w_ij.</summary>
    public override TrustScores Score(ITrustRound round)
    {
        int n = round.Clients;
        var products = ScoreMatrix.Fill(n, (_, _) => 0);
        double sizes = 0;
        int pairs = 0;
        for (int i = 0; i < n; i++)
        {
            int[] others = [.. Enumerable.Range(i + 1, n - i - 1).Where(j => round.Links(i, j))];
            float[][] midway = [.. others.Select(j => Midway(round.Adapters[i], round.Adapters[j]))];
            float[][] gradients = round.Gradients([.. midway.Select(z => (i, z)), .. others.Zip(midway)], ClientText.Training);
            for (int k = 0; k < others.Length; k++, pairs++)
            {
                var (own, theirs) = (gradients[k], gradients[others.Length + k]);
                products[i][others[k]] = products[others[k]][i] = DotProduct.InOrder<float>(own, theirs);
                sizes += Math.Sqrt(DotProduct.InOrder<float>(own, own) * DotProduct.InOrder<float>(theirs, theirs));
            }
        }
        double step = sizes == 0 ? 0 : gamma * pairs / sizes;
        var before = _now;
        var next = ScoreMatrix.Fill(n, (i, j) => i == j || !round.Links(i, j) ? 0
            : (float)Math.Clamp((before?[round.Ids[i]][round.Ids[j]] ?? 1) + step * products[i][j], 0, 1));
        _next = Array.ConvertAll(next, row => Array.ConvertAll(row, w => (float)w));
        return new TrustScores(next, TrustNormalisation.Proportional);
    }

    /// <summary>ρ·Σ_j w_ij(θ − θ_j) = ρ·s·(θ − Σ_j w_ij θ_j / s) with s = Σ_j w_ij: a pull of s times ρ.</summary>
    public override Mixed Mix(ITrustRound round, TrustMatrix trust)
    {
        var mixed = new Mixed(AdapterMixer.Mix(round.Adapters, trust));
        if (_next is not { } next) return mixed; // a recorded matrix, of which nothing else is known
        var all = _now ?? [.. Enumerable.Range(0, round.Everyone).Select(i => Enumerable.Range(0, round.Everyone).Select(j => i == j ? 0f : 1f).ToArray())];
        for (int i = 0; i < next.Length; i++)
            for (int j = 0; j < next.Length; j++) all[round.Ids[i]][round.Ids[j]] = next[i][j];
        (_now, _next) = (all, null);
        return mixed with { Pull = Array.ConvertAll(next, row => row.Sum()) };
    }

    public override void Save(TensorBag bag)
    {
        if (_now is not null) bag.Add(Weights, [_now.Length, _now.Length], [.. _now.SelectMany(row => row)]);
    }

    public override void Load(TensorBag bag)
    {
        if (!bag.Contains(Weights)) return;
        _now = [.. bag.Floats(Weights).Chunk(bag.Shape(Weights)[0])];
    }

    private static float[] Midway(float[] x, float[] y) => [.. x.Zip(y, (a, b) => (float)(0.5 * ((double)a + b)))];
}
