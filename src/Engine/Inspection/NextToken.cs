namespace LoraCollab.Engine.Inspection;

/// <summary>What a model expects after one position of a text.</summary>
/// <param name="Position">From 0.</param>
/// <param name="Token">The token there, the last one the model has seen.</param>
/// <param name="Top">The most probable next tokens, descending.</param>
/// <param name="Next">The token that does follow; null at the end of the text.</param>
public sealed record NextToken(int Position, int Token, IReadOnlyList<RankedToken> Top, RankedToken? Next);
