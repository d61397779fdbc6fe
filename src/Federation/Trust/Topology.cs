using System.Globalization;

namespace LoraCollab.Federation.Trust;

/// <summary>
/// Who may listen to whom: an N×N mask that is applied before the softmax, never after. A client is always its own neighbour.
/// </summary>
public sealed class Topology
{
    private readonly bool[][] _linked;

    private Topology(string name, bool[][] linked) => (Name, _linked) = (name, linked);

    /// <summary>The text it was parsed from: full, ring, star or regular:K.</summary>
    public string Name { get; }

    public int Clients => _linked.Length;

    /// <summary>True where client i may give weight to client j.</summary>
    public bool Links(int i, int j) => _linked[i][j];

    /// <summary>Neighbours of client i, itself not counted.</summary>
    public int Degree(int i) => _linked[i].Count(x => x) - 1;

    /// <summary>The same among those who take part in a round, numbered in their order; no longer full where somebody is missing.</summary>
    public Topology Among(Participation who) => who.IsWhole ? this
        : new Topology($"{Name} among {string.Join(", ", who.Present)}", [.. who.Present.Select(i => who.Of(_linked[i]).ToArray())]);

    /// <summary>The first of all clients that may listen to the same ones as client i.</summary>
    public int Neighbourhood(int i) => Array.FindIndex(_linked, row => row.AsSpan().SequenceEqual(_linked[i]));

    /// <summary>Everyone with everyone.</summary>
    public static Topology Full(int clients) => Build("full", clients, (_, _) => true);

    /// <summary>i with i ± 1, the last with the first.</summary>
    public static Topology Ring(int clients) => Build("ring", clients, (i, j) => Distance(i, j, clients) <= 1);

    /// <summary>Client 0 with everyone; the others with client 0 alone.</summary>
    public static Topology Star(int clients) => Build("star", clients, (i, j) => i == 0 || j == 0);

    /// <summary>The circulant graph of degree k: i with its k/2 nearest on either side, and for odd k with the client opposite.</summary>
    /// <exception cref="UserException">No such graph: k is not below N, or k and N are both odd.</exception>
    public static Topology Regular(int clients, int degree)
    {
        if (degree < 1 || degree >= clients)
            throw new OptionException("topology", $"regular:{degree}",
                $"each of {clients} clients has at most {clients - 1} neighbours; choose K from 1 to {clients - 1}");
        if (degree % 2 == 1 && clients % 2 == 1)
            throw new OptionException("topology", $"regular:{degree}",
                $"no graph of {clients} clients gives each of them {degree} neighbours (both are odd); choose an even K");
        return Build($"regular:{degree}", clients, (i, j) =>
            Distance(i, j, clients) <= degree / 2 || (degree % 2 == 1 && 2 * Distance(i, j, clients) == clients));
    }

    /// <summary>Reads full, ring, star or regular:K.</summary>
    /// <exception cref="UserException">Another name, or a graph that does not exist.</exception>
    public static Topology Parse(string name, int clients)
    {
        if (clients < 1) throw new OptionException("clients", clients, "at least one client is needed");
        return name switch
        {
            "full" => Full(clients),
            "ring" => Ring(clients),
            "star" => Star(clients),
            _ when name.StartsWith("regular:", StringComparison.Ordinal)
                && int.TryParse(name.AsSpan(8), NumberStyles.None, CultureInfo.InvariantCulture, out int degree) => Regular(clients, degree),
            _ => throw new OptionException("topology", name, "expected full, ring, star or regular:K with K neighbours each"),
        };
    }

    private static int Distance(int i, int j, int clients) => Math.Min(Math.Abs(i - j), clients - Math.Abs(i - j));

    private static Topology Build(string name, int clients, Func<int, int, bool> linked)
    {
        var mask = new bool[clients][];
        for (int i = 0; i < clients; i++)
        {
            mask[i] = new bool[clients];
            for (int j = 0; j < clients; j++) mask[i][j] = i == j || linked(i, j);
        }
        return new Topology(name, mask);
    }
}
