namespace LoraCollab.Data.Partition;

/// <summary>
/// Turns documents into one stream of ids: each is followed by the end-of-text token, or by a newline where the tokenizer has none; with <c>joinWithBlank</c>
/// each is preceded by a blank instead, as in the paper's code.
/// </summary>
public sealed class DocumentJoiner
{
    private readonly ITokenizer _tokenizer;
    private readonly string _prefix;

    public DocumentJoiner(ITokenizer tokenizer, bool joinWithBlank = false)
    {
        _tokenizer = tokenizer;
        _prefix = joinWithBlank ? " " : "";
        if (!joinWithBlank) Separator = tokenizer.EndOfText ?? Newline(tokenizer);
        Name = joinWithBlank ? "blank" : tokenizer.EndOfText is not null ? "end-of-text" : Separator is not null ? "newline" : "nothing";
    }

    /// <summary>
    /// The id after every document, or null: documents are joined by a blank before each, or the tokenizer knows neither end of text nor newline.
    /// </summary>
    public int? Separator { get; }

    /// <summary>"end-of-text", "newline", "blank" or "nothing".</summary>
    public string Name { get; }

    /// <summary>One document with what joins it to the next.</summary>
    public int[] Encode(string document)
    {
        int[] ids = _tokenizer.Encode(_prefix + document);
        return Separator is { } separator ? [.. ids, separator] : ids;
    }

    /// <summary>All documents, in their order.</summary>
    public int[] Join(IEnumerable<Document> documents)
    {
        var ids = new List<int>();
        foreach (Document document in documents) ids.AddRange(Encode(document.Text));
        return [.. ids];
    }

    private static int? Newline(ITokenizer tokenizer)
    {
        try
        {
            return tokenizer.Encode("\n") is [int id] ? id : null;
        }
        catch (UserException)
        {
            return null; // A vocabulary without a newline: the text it was made from has none to learn either.
        }
    }
}
