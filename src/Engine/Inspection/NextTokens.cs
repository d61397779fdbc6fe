namespace LoraCollab.Engine.Inspection;

/// <summary>What a model expects after every position of a text, from all its logits in double.</summary>
public static class NextTokens
{
    /// <summary>One entry a position, the last of which has no next token.</summary>
    /// <param name="ids">[T], at most the model's context.</param>
    /// <param name="k">Most probable tokens a position; at most V.</param>
    /// <exception cref="UserException">The text is longer than the context, or a token outside the vocabulary.</exception>
    /// <exception cref="NonFiniteException">A logit is NaN or infinite; the first bad tensor is named.</exception>
    public static IReadOnlyList<NextToken> Of(GptModel model, ReadOnlySpan<int> ids, LoraAdapter? adapter, int k)
    {
        using var pass = new GptPass(model, model.Backend, 1, ids.Length, PassKind.Forward, adapter?.Options);
        using var reader = new LogitReader(pass);
        pass.Trunk(ids, 1, adapter);
        var found = new NextToken[ids.Length];
        var logits = new float[model.Config.Vocabulary];
        for (int t = 0; t < ids.Length; t++)
        {
            reader.Read(logits, t, 1);
            if (!NonFiniteFinder.IsFinite(logits))
                throw NonFiniteFinder.Explain(pass, ids, 1, adapter, DropoutDraw.None, $"logits at position {t} are NaN or infinite");
            found[t] = Of(logits, t, ids[t], t + 1 < ids.Length ? ids[t + 1] : null, Math.Min(k, logits.Length));
        }
        return found;
    }

    /// <summary>p_v = exp(z_v − log Σ exp z); ties go to the lower id.</summary>
    internal static NextToken Of(ReadOnlySpan<float> logits, int position, int token, int? next, int k)
    {
        double largest = double.NegativeInfinity, sum = 0;
        foreach (float z in logits) largest = Math.Max(largest, z);
        foreach (float z in logits) sum += Math.Exp(z - largest);
        double lse = largest + Math.Log(sum);
        var order = new int[logits.Length];
        var keys = new float[logits.Length];
        for (int v = 0; v < order.Length; v++) (order[v], keys[v]) = (v, logits[v]);
        Array.Sort(order, (a, b) => keys[a] != keys[b] ? keys[b].CompareTo(keys[a]) : a.CompareTo(b));
        return new NextToken(position, token, [.. order.Take(k).Select((v, i) => new RankedToken(v, i + 1, keys[v] - lse))],
            next is { } id ? new RankedToken(id, Array.IndexOf(order, id) + 1, keys[id] - lse) : null);
    }
}

/// <summary>What a model expects after one position of a text.</summary>
/// <param name="Position">From 0.</param>
/// <param name="Token">The token there, the last one the model has seen.</param>
/// <param name="Top">The most probable next tokens, descending.</param>
/// <param name="Next">The token that does follow; null at the end of the text.</param>
public sealed record NextToken(int Position, int Token, IReadOnlyList<RankedToken> Top, RankedToken? Next);

/// <summary>A token among all that could follow.</summary>
/// <param name="Id">The token.</param>
/// <param name="Rank">1 for the most probable.</param>
/// <param name="LogProbability">ln p, in nats.</param>
public readonly record struct RankedToken(int Id, int Rank, double LogProbability)
{
    public double Probability => Math.Exp(LogProbability);

    /// <summary>−ln p: the cross-entropy where this is the token that follows.</summary>
    public double Loss => -LogProbability;
}
