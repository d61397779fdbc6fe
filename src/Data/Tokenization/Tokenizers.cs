namespace LoraCollab.Data.Tokenization;

/// <summary>Finds out what kind of tokenizer a folder holds, and loads it.</summary>
public static class Tokenizers
{
    private const string Files = "vocab.json and merges.txt, encoder.json and vocab.bpe, tokenizer.json, or chars.json";

    /// <summary>Loads GPT-2's files (<see cref="Gpt2Files"/>) or chars.json from a folder.</summary>
    /// <exception cref="UserException">the folder or a file is missing, or a file is truncated, foreign, or asks for what is not supported</exception>
    public static ITokenizer Load(string folder)
    {
        if (!Directory.Exists(folder))
            throw new UserException(File.Exists(folder)
                ? $"{folder}: a tokenizer is a folder ({Files}), but this is a file"
                : $"{folder}: there is no such tokenizer folder");
        return ForeignBytes.Read<ITokenizer?>(folder, "a tokenizer", () =>
        {
            string characters = Path.Combine(folder, CharacterTokenizer.FileName);
            return Gpt2Files.TryLoad(folder) ?? (File.Exists(characters) ? CharacterTokenizer.Load(characters) : (ITokenizer?)null);
        }) ?? throw new UserException($"{folder}: no tokenizer here: expected {Files}");
    }
}
