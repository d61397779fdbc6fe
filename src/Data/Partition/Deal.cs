namespace LoraCollab.Data.Partition;

/// <summary>The pieces of documents that every split is given.</summary>
internal sealed class Deal(int clients)
{
    public List<Piece> Reference { get; } = [];
    public List<Piece>[] Report { get; } = New(clients);
    public List<Piece>[] Trust { get; set; } = New(clients);
    public List<Piece>[] Train { get; } = New(clients);

    private static List<Piece>[] New(int clients) => [.. Enumerable.Range(0, clients).Select(_ => new List<Piece>())];
}

/// <summary>The part of one document that is in a split.</summary>
internal readonly record struct Piece(int Document, int Category, int[] Ids);
