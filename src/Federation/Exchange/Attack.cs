using System.Globalization;

namespace LoraCollab.Federation.Exchange;

/// <summary>
/// Clients that do harm, to see what a scheme makes of them: the last K of a run. Only what they send, or what they learn from, is changed; the draws are
/// their own, so that honest clients see the same batches and noise as without them.
/// </summary>
/// <param name="Kind">What they do.</param>
/// <param name="Amount">X, where the form has one.</param>
public sealed record Attack(AttackKind Kind, double Amount = 0)
{
    private const uint Stream = 0x41544B4E; // "ATKN": apart from every other user of the normals

    private static readonly (string Name, AttackKind Kind, bool HasAmount)[] Forms =
    [
        ("nan", AttackKind.Nan, false),
        ("scale", AttackKind.Scale, true),
        ("signflip", AttackKind.SignFlip, false),
        ("noise", AttackKind.Noise, true),
        ("shifted-text", AttackKind.ShiftedText, false),
    ];

    /// <summary>The attack that options ask for; null: none.</summary>
    public static Attack? Of(CollaborationOptions options) => options.Attack is { } text ? Parse(text) : null;

    /// <summary>Numbers of the clients that attack, ascending.</summary>
    public static IEnumerable<int> Attackers(CollaborationOptions options, int clients) =>
        options.Attack is null ? [] : Enumerable.Range(clients - options.Attackers!.Value, options.Attackers.Value);

    /// <exception cref="UserException">There is no such attack, or its number is none.</exception>
    public static Attack Parse(string text)
    {
        string[] parts = text.Split(':', 2);
        var form = Array.Find(Forms, f => f.Name == parts[0]);
        double amount = 0;
        bool reads = form.Name is not null && form.HasAmount == (parts.Length == 2)
            && (!form.HasAmount || (double.TryParse(parts[1], NumberStyles.Float, CultureInfo.InvariantCulture, out amount) && double.IsFinite(amount)));
        if (reads && form.Kind == AttackKind.Noise) reads = amount >= 0;
        return reads ? new Attack(form.Kind, amount)
            : throw new OptionException("attack", $"'{text}'", "expected nan, scale:X, signflip, noise:X with X at least 0, or shifted-text");
    }

    /// <summary>The data with the attackers' training text as they read it; their validation text stays.</summary>
    internal static FederatedData OnText(FederatedData data, CollaborationOptions options)
    {
        if (Of(options) is not { Kind: AttackKind.ShiftedText }) return data;
        int vocabulary = data.Manifest.VocabularySize;
        int[] attackers = [.. Attackers(options, data.Clients.Count)];
        return data with
        {
            Clients = [.. data.Clients.Select((c, i) =>
                attackers.Contains(i) ? c with { Train = Array.ConvertAll(c.Train, t => (t + vocabulary / 2) % vocabulary) } : c)],
        };
    }

    /// <summary>What an attacker sends in an honest client's place; the bytes that it takes stay the same.</summary>
    /// <param name="honest">The upload of its adapter.</param>
    /// <param name="received">[parameters]: what it last received, or began with.</param>
    /// <param name="from">Numbers of an adapter before this one do not travel.</param>
    /// <param name="seed">Of the run.</param>
    /// <param name="client">Its number.</param>
    /// <param name="iteration">Steps done.</param>
    internal Upload Forge(Upload honest, float[] received, int from, ulong seed, int client, int iteration)
    {
        if (Kind == AttackKind.ShiftedText) return honest;
        var adapter = (float[])honest.Adapter.Clone();
        double[] change = [.. Enumerable.Range(from, adapter.Length - from).Select(e => (double)adapter[e] - received[e])];
        double[] forged = Kind switch
        {
            AttackKind.Nan => [.. change.Select(_ => double.NaN)],
            AttackKind.Scale => [.. change.Select(c => Amount * c)],
            AttackKind.SignFlip => [.. change.Select(c => -c)],
            _ => Noise(change, new CounterRandom(seed, RandomPurpose.AttackNoise, client).Bits(iteration)),
        };
        for (int e = 0; e < change.Length; e++) adapter[from + e] = (float)(received[from + e] + forged[e]);
        return honest with { Adapter = adapter };
    }

    private double[] Noise(double[] change, ulong key)
    {
        double spread = Amount * Math.Sqrt(DotProduct.Of(change, change) / change.Length);
        return [.. change.Select((_, e) => CounterNormals.Pair(key, Stream, e / 2) is var pair && e % 2 == 0 ? spread * pair.First : spread * pair.Second)];
    }

    public override string ToString() => Array.Find(Forms, f => f.Kind == Kind) is { HasAmount: true } form
        ? string.Create(CultureInfo.InvariantCulture, $"{form.Name}:{Amount}") : Array.Find(Forms, f => f.Kind == Kind).Name;
}

/// <summary>The forms of <see cref="Attack"/>.</summary>
public enum AttackKind
{
    /// <summary>Every number that is sent is NaN.</summary>
    Nan,

    /// <summary>The change is multiplied by X.</summary>
    Scale,

    /// <summary>The change is multiplied by −1.</summary>
    SignFlip,

    /// <summary>In place of the change Gaussian noise of X times its norm.</summary>
    Noise,

    /// <summary>An honest upload of what was learnt from text whose tokens are moved on by half the vocabulary.</summary>
    ShiftedText,
}
