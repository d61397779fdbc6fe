namespace LoraCollab.Engine.Model;

/// <summary>Cuts views by rows.</summary>
internal static class ViewRows
{
    /// <summary>The first <paramref name="rows"/> of a view that holds <paramref name="all"/> equal rows; empty stays empty.</summary>
    public static View FirstRows(this View view, int rows, int all) => view.IsEmpty ? view : view.Slice(0, view.Length / all * rows);
}
