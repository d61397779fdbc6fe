namespace LoraCollab.Cli.Explain;

/// <summary>docs/kernels.md as it is embedded in the program, in sections: the page and the terminal cannot say different things.</summary>
internal static class KernelPage
{
    private const string CardFence = "```text\n";

    /// <summary>The sections that begin with a card, in the order of the page.</summary>
    public static IReadOnlyList<OpSection> Sections { get; } = [.. Parse(Read())];

    /// <summary>The section of that name, or the one that has that op, method or kernel, or that the field knows by that word.</summary>
    /// <exception cref="UserException">There is none; the message names the nearest.</exception>
    public static OpSection Find(string word) =>
        Sections.FirstOrDefault(s => Names(s).Select(FieldWords.Plain).Contains(FieldWords.Plain(word)))
        ?? Sections.FirstOrDefault(s => s.Name == FieldWords.Find(word))
        ?? throw new UserException($"explain '{word}': there is no such op{Guess(word)}; loracollab explain lists them all");

    private static string Guess(string word) =>
        Nearest.To(word.ToLowerInvariant(), Sections.SelectMany(s => s.Ops.Append(s.Name))) is { } guess ? $"; did you mean {guess}?" : "";

    private static IEnumerable<string> Names(OpSection section) => section.Ops.Concat(section.Methods).Append(section.Name);

    private static string Read()
    {
        using var stream = typeof(KernelPage).Assembly.GetManifestResourceStream("kernels.md")!;
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd().ReplaceLineEndings("\n");
    }

    private static IEnumerable<OpSection> Parse(string page)
    {
        foreach (string section in page.Split("\n## ").Skip(1))
        {
            string[] parts = section.Split("\n\n", 3);
            if (parts.Length < 3 || !parts[2].StartsWith(CardFence, StringComparison.Ordinal)) continue;
            int end = parts[2].IndexOf("\n```", StringComparison.Ordinal);
            yield return new OpSection(parts[0], parts[1].ReplaceLineEndings(" "), parts[2][CardFence.Length..end].Split('\n'), parts[2][(end + 4)..].Trim());
        }
    }
}
