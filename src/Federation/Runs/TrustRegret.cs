using System.Text.Json;
using System.Text.Json.Serialization;

namespace LoraCollab.Federation.Runs;

/// <summary>One aggregation of a scheme beside the best that trust could have made of the same adapters: a line of replay/optimal.jsonl.</summary>
public sealed record TrustRegret
{
    /// <summary>The scheme that ran.</summary>
    public required string Scheme { get; init; }

    public required int Iteration { get; init; }

    public required int Round { get; init; }

    /// <summary>[N][N]: its W.</summary>
    public required double[][] Weights { get; init; }

    /// <summary>[N][N]: the weights that minimise trust-validation loss, see <see cref="LearnedTrust"/>.</summary>
    public required double[][] Learned { get; init; }

    /// <summary>[N]: report-validation loss in nats a token of the adapters that W mixes, on all of the text; NaN of clients that took no part.</summary>
    public required double[] Loss { get; init; }

    /// <summary>[N]: the same of the learned weights.</summary>
    public required double[] LearnedLoss { get; init; }

    /// <summary>
    /// Mean over the clients that took part of the difference: what the scheme loses by not knowing better. Below 0 where the learned weights suit the
    /// trust-validation text more than the report's.
    /// </summary>
    public required double Regret { get; init; }

    /// <summary>Mean of <see cref="Loss"/> and of <see cref="LearnedLoss"/> over the clients that took part.</summary>
    [JsonIgnore]
    public (double Loss, double Learned) Means => (Loss.Where(l => !double.IsNaN(l)).Average(), LearnedLoss.Where(l => !double.IsNaN(l)).Average());

    /// <summary>See <see cref="PlantedStructure.Auc"/>.</summary>
    public double? Auc { get; init; }

    /// <summary>The same of the learned weights.</summary>
    public double? LearnedAuc { get; init; }

    /// <summary>As of <see cref="TrustLine.ReplayedUnder"/>.</summary>
    public IReadOnlyDictionary<string, JsonElement>? ReplayedUnder { get; init; }
}
