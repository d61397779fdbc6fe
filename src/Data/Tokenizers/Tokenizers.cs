namespace LoraCollab.Data;

/// <summary>Finds out what kind of tokenizer a folder holds, and loads it.</summary>
public static class Tokenizers
{
    private static readonly (string Vocabulary, string Merges)[] Gpt2Names = [("vocab.json", "merges.txt"), ("encoder.json", "vocab.bpe")];

    /// <summary>Loads vocab.json + merges.txt, encoder.json + vocab.bpe, or chars.json from a folder.</summary>
    /// <exception cref="UserException">the folder or a file is missing, or a file is truncated or foreign</exception>
    public static ITokenizer Load(string folder)
    {
        if (!Directory.Exists(folder))
            throw new UserException(File.Exists(folder)
                ? $"{folder}: a tokenizer is a folder (vocab.json and merges.txt, encoder.json and vocab.bpe, or chars.json), but this is a file"
                : $"{folder}: there is no such tokenizer folder");
        foreach (var (vocabulary, merges) in Gpt2Names)
        {
            string vocabularyFile = Path.Combine(folder, vocabulary), mergesFile = Path.Combine(folder, merges);
            if (!File.Exists(vocabularyFile) && !File.Exists(mergesFile)) continue;
            string? missing = !File.Exists(vocabularyFile) ? vocabulary : !File.Exists(mergesFile) ? merges : null;
            if (missing is not null) throw new UserException($"{folder}: {vocabulary} and {merges} belong together, but {missing} is missing");
            return Gpt2Tokenizer.Load(vocabularyFile, mergesFile);
        }
        string characters = Path.Combine(folder, CharacterTokenizer.FileName);
        if (File.Exists(characters)) return CharacterTokenizer.Load(characters);
        throw new UserException($"{folder}: no tokenizer here: expected vocab.json and merges.txt, encoder.json and vocab.bpe, or chars.json");
    }
}
