namespace LoraCollab.Data.Corpus;

/// <summary>A data set as documents in a fixed order, each of one category or of one client.</summary>
public interface ICorpus
{
    /// <summary>A short name for reports, such as "agnews" or "news".</summary>
    string Name { get; }

    /// <summary>The category names, in the order of their indices; empty where the data has none.</summary>
    IReadOnlyList<string> Categories { get; }

    IReadOnlyList<Document> Documents { get; }

    /// <summary>SHA-256 (lower-case hex) of everything a run could read from this corpus: category names and documents.</summary>
    string Hash { get; }

    /// <summary>How categories are dealt to clients.</summary>
    ClientOrder Order => ClientOrder.Neighbours;

    /// <summary>The names of the clients where each document already belongs to one; else empty.</summary>
    IReadOnlyList<string> Clients => [];

    /// <summary>What was left out or mended where the documents were read.</summary>
    ReadingNotes Notes => new();
}

/// <summary>How clients and categories are matched where each client has one main category.</summary>
public enum ClientOrder
{
    /// <summary>Clients of one category are neighbours: client i of N has category ⌊i·K/N⌋ (AG News: i // 2 of 8).</summary>
    Neighbours,

    /// <summary>Categories take turns: client i has category i mod K (Multi-Wiki: i mod 3, Codes-Wiki: i mod 2).</summary>
    Turns,
}
