namespace LoraCollab.Data.Tokenization;

/// <summary>A token beside those that merges make.</summary>
/// <param name="Content">Its name.</param>
/// <param name="Id">Its id.</param>
/// <param name="Special">Whether it stands for no text, as the end of a text; null where its file does not say.</param>
/// <param name="Origin">The file, and the key in it.</param>
internal sealed record AddedToken(string Content, int Id, bool? Special, string Origin)
{
    /// <summary>How a token is found in a text; nothing of a special token, which is never read out of a text here.</summary>
    private static readonly string[] Searching = ["single_word", "lstrip", "rstrip", "normalized"];

    /// <summary>Reads an object with "content" and "special".</summary>
    public static AddedToken Of(HfJson json, int id)
    {
        json.RefuseOthers(["id", "content", "special", "__type", .. Searching]);
        foreach (string key in Searching) json.Flag(key);
        string content = json.Text("content") ?? throw new UserException($"{json.Path}: the key content is missing");
        return new AddedToken(content, id, json.Flag("special", false), json.Path);
    }
}
