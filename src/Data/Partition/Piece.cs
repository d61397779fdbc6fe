namespace LoraCollab.Data.Partition;

/// <summary>The part of one document that is in a split.</summary>
internal readonly record struct Piece(int Document, int Category, int[] Ids);
