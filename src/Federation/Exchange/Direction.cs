namespace LoraCollab.Federation.Exchange;

/// <summary>Of traffic, seen from the client.</summary>
public enum Direction
{
    Up,
    Down,
}
