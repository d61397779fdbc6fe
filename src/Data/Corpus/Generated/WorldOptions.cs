namespace LoraCollab.Data.Corpus.Generated;

/// <summary>What a generated world plants, and how much text is drawn from it.</summary>
public sealed record WorldOptions
{
    /// <summary>The world: which continuation every frame has in every category, and which words of a category's lexicon are frequent.</summary>
    public ulong Seed { get; init; } = 1;

    /// <summary>The documents drawn from that world. Other seeds give other documents about the same world.</summary>
    public ulong DocumentSeed { get; init; } = 1;

    /// <summary>
    /// Share of the frames' associations (which word follows for which subject or predicate) that differ between categories, 0 to 1.
    /// At 0 every category continues every frame alike, and categories differ in their lexicons only.
    /// </summary>
    public double Conflict { get; init; } = 1;

    /// <summary>
    /// The categories that take part, by name and in this order; null takes the family's default (of news the first four of its eight topics). No choice
    /// changes what the others say.
    /// </summary>
    public IReadOnlyList<string>? Categories { get; init; }

    /// <summary>Documents of each category: scarcity at its source. The first n documents do not depend on how many there are.</summary>
    public int DocumentsPerCategory { get; init; } = 1200;
}
