namespace LoraCollab.Federation.Trust;

/// <summary>
/// Who takes part in a round, of all clients of a run. A scheme sees nobody else: what it scores and mixes has a row for each of <see cref="Present"/>, in
/// this order, so that every softmax and mean is over them alone. Who takes no part sends and receives nothing and keeps its adapter.
/// </summary>
public sealed class Participation
{
    private readonly int[] _present;

    private Participation(int clients, int[] present) => (Clients, _present) = (clients, present);

    /// <summary>N: of the run.</summary>
    public int Clients { get; }

    /// <summary>Numbers of those who take part, ascending.</summary>
    public IReadOnlyList<int> Present => _present;

    /// <summary>Numbers of the others, ascending; null where there are none.</summary>
    public int[]? Absent => IsWhole ? null : [.. Enumerable.Range(0, Clients).Except(_present)];

    /// <summary>The row of a client that takes part.</summary>
    public int IndexOf(int client) => Array.IndexOf(_present, client);

    /// <summary>True where everybody takes part.</summary>
    public bool IsWhole => _present.Length == Clients;

    public static Participation All(int clients) => new(clients, [.. Enumerable.Range(0, clients)]);

    /// <param name="present">Ascending.</param>
    public static Participation Of(int clients, IReadOnlyList<int> present) => new(clients, [.. present]);

    /// <summary>
    /// The same without some clients; numbers of clients that are not in it change nothing.
    /// </summary>
    public Participation Without(IEnumerable<int> absent) => new(Clients, [.. _present.Except(absent)]);

    /// <summary>
    /// Without the silent ones of a round: round(share·n) of the n clients here, but at least two stay. Who they are depends on seed, iteration and who is
    /// here, not on the scheme.
    /// </summary>
    /// <param name="share">Of <see cref="CollaborationOptions.Absent"/>.</param>
    /// <param name="seed">Of the run.</param>
    /// <param name="iteration">Steps done.</param>
    public Participation WithoutSilent(double share, ulong seed, int iteration)
    {
        var random = new CounterRandom(seed, RandomPurpose.Absence).At(iteration);
        int count = Math.Max(0, Math.Min(Silent(share, _present.Length), _present.Length - 2));
        return Without(_present.OrderBy(i => random.Bits(i)).Take(count).ToArray());
    }

    /// <summary>round(share·n), a half upwards.</summary>
    public static int Silent(double share, int clients) => (int)Math.Floor(share * clients + 0.5);

    /// <summary>Of one value a client those of the clients that take part.</summary>
    public IReadOnlyList<T> Of<T>(IReadOnlyList<T> all) => IsWhole ? all : [.. _present.Select(i => all[i])];

    /// <summary>Of an N×N matrix the rows and columns of the clients that take part.</summary>
    public double[][] Square(double[][] all) => IsWhole ? all : [.. _present.Select(i => _present.Select(j => all[i][j]).ToArray())];

    /// <summary>The reverse of <see cref="Square"/>.</summary>
    /// <param name="present">A row and a column for each of those who take part.</param>
    /// <param name="otherwise">What stands at (i, j) where i or j takes no part.</param>
    public double[][] Spread(double[][] present, Func<int, int, double> otherwise)
    {
        if (IsWhole) return present;
        double[][] all = ScoreMatrix.Fill(Clients, otherwise);
        for (int a = 0; a < _present.Length; a++)
            for (int b = 0; b < _present.Length; b++) all[_present[a]][_present[b]] = present[a][b];
        return all;
    }

    /// <summary>[N]: of one value for each of those who take part, and <paramref name="otherwise"/> for the others.</summary>
    public double[] Spread(IReadOnlyList<double> present, double otherwise)
    {
        if (IsWhole) return [.. present];
        double[] all = [.. Enumerable.Repeat(otherwise, Clients)];
        for (int a = 0; a < _present.Length; a++) all[_present[a]] = present[a];
        return all;
    }

    /// <summary>W with those who take no part, who trust themselves alone.</summary>
    public double[][] SpreadTrust(double[][] present) => Spread(present, (i, j) => i == j ? 1 : 0);
}
