namespace LoraCollab.Data.Corpus;

/// <summary>How clients and categories are matched where each client has one main category.</summary>
public enum ClientOrder
{
    /// <summary>Clients of one category are neighbours: client i of N has category ⌊i·K/N⌋ (AG News: i // 2 of 8).</summary>
    Neighbours,

    /// <summary>Categories take turns: client i has category i mod K (Multi-Wiki: i mod 3, Codes-Wiki: i mod 2).</summary>
    Turns,
}
