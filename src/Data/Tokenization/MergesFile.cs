namespace LoraCollab.Data.Tokenization;

/// <summary>GPT-2's merges.txt (vocab.bpe under OpenAI's name): one merge per line, two tokens with a blank between them, in order of rank.</summary>
internal static class MergesFile
{
    private const string Header = "#version: 0.2";

    /// <summary>Adds the merges of a file to the vocabulary they belong to.</summary>
    /// <exception cref="UserException">A line is no merge, or a merge the vocabulary has no tokens for.</exception>
    public static void Read(string path, TokenTable tokens)
    {
        int number = 0;
        foreach (string line in TextFile.WithoutMark(TextFile.Read(path)).Split('\n'))
        {
            int at = ++number;
            string merge = line.TrimEnd('\r');
            if (merge.Length == 0 || (at == 1 && merge.StartsWith("#version", StringComparison.Ordinal))) continue;
            string Place() => $"{path}: line {at}";
            var (left, right) = Pair(merge)
                ?? throw new UserException($"{Place()}: expected two tokens with a blank between them, found {ForeignText.Quoted(merge)}");
            tokens.AddMerge(left, right, Place);
        }
    }

    /// <summary>The two sides of the one blank in a merge; null where there is none or more.</summary>
    public static (string Left, string Right)? Pair(string merge)
    {
        int blank = merge.IndexOf(' ');
        return blank <= 0 || blank == merge.Length - 1 || merge.IndexOf(' ', blank + 1) >= 0 ? null : (merge[..blank], merge[(blank + 1)..]);
    }

    public static void Write(string path, IEnumerable<(string Left, string Right)> merges) =>
        AtomicFile.WriteText(path, Header + "\n" + string.Concat(merges.Select(m => $"{m.Left} {m.Right}\n")));
}
