using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace LoraCollab.Data.Corpus;

/// <summary>A corpus held in memory.</summary>
public sealed class DocumentCorpus : ICorpus
{
    private readonly Lazy<string> _hash;

    /// <exception cref="UserException">there is no document, or a category without one</exception>
    public DocumentCorpus(
        string name, IReadOnlyList<string> categories, IReadOnlyList<Document> documents, ClientOrder order = ClientOrder.Neighbours,
        IReadOnlyList<string>? clients = null, ReadingNotes? notes = null)
    {
        Notes = notes ?? new();
        if (documents.Count == 0) throw new UserException($"{name}: the data holds no document{Notes.InBrackets}");
        var filled = documents.Select(d => d.Category).ToHashSet();
        for (int c = 0; c < categories.Count; c++)
            if (!filled.Contains(c))
                throw new UserException($"{name}: category {categories[c]} has no document");
        (Name, Categories, Documents, Order, Clients) = (name, categories, documents, order, clients ?? []);
        _hash = new(ComputeHash);
    }

    public string Name { get; }
    public IReadOnlyList<string> Categories { get; }
    public IReadOnlyList<Document> Documents { get; }
    public ClientOrder Order { get; }
    public IReadOnlyList<string> Clients { get; }
    public string Hash => _hash.Value;
    public ReadingNotes Notes { get; }

    private string ComputeHash()
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        Span<byte> number = stackalloc byte[4];
        void Append(string text)
        {
            byte[] bytes = Encoding.UTF8.GetBytes(text);
            hash.AppendData(BitConverter.GetBytes(bytes.Length));
            hash.AppendData(bytes);
        }
        foreach (string category in Categories) Append(category);
        foreach (string client in Clients) Append(client);
        foreach (Document document in Documents)
        {
            BinaryPrimitives.WriteInt32LittleEndian(number, document.Category);
            hash.AppendData(number);
            BinaryPrimitives.WriteInt32LittleEndian(number, document.Client);
            hash.AppendData(number);
            Append(document.Text);
            if (document.Part != DocumentPart.Any) Append(document.Part.ToString());
        }
        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }
}
