namespace LoraCollab.Data.Partition;

/// <summary>The texts of all clients and the public reference. No document is in two of them.</summary>
/// <param name="Clients">one entry per client</param>
/// <param name="Reference">the public text that predictions are compared on; may be empty</param>
/// <param name="Manifest">who holds what</param>
public sealed record FederatedData(IReadOnlyList<ClientData> Clients, int[] Reference, ClientManifest Manifest)
{
    private const string ManifestFile = "manifest.json", Extension = ".tokens";

    /// <summary>
    /// Deals a corpus to clients: the same corpus, tokenizer and options give the same ids. A larger training budget leaves the other splits as they are.
    /// </summary>
    /// <exception cref="UserException">the data cannot feed so many clients, or an option is out of range</exception>
    public static FederatedData Partition(ICorpus corpus, ITokenizer tokenizer, PartitionOptions options) => new Partitioner(corpus, tokenizer, options).Run();

    /// <summary>Writes every split as a <see cref="TokenFile"/>, and last the manifest.</summary>
    public void Save(string folder)
    {
        void Write(string name, int[] ids) =>
            TokenFile.Write(Path.Combine(folder, name + Extension), new TokenFile(ids, Manifest.VocabularySize, Manifest.TokenizerHash));
        for (int i = 0; i < Clients.Count; i++)
        {
            Write($"client_{i}.train", Clients[i].Train);
            Write($"client_{i}.trust", Clients[i].TrustValidation);
            Write($"client_{i}.report", Clients[i].ReportValidation);
        }
        Write("reference", Reference);
        Manifest.Save(Path.Combine(folder, ManifestFile));
    }

    /// <summary>Reads what <see cref="Save"/> wrote, and checks every split against the manifest.</summary>
    /// <exception cref="UserException">a file is missing, truncated, or not the one that the manifest describes</exception>
    public static FederatedData Load(string folder)
    {
        ClientManifest manifest = ClientManifest.Load(Path.Combine(folder, ManifestFile));
        int[] Read(string name, SplitSummary expected)
        {
            string path = Path.Combine(folder, name + Extension);
            TokenFile file = TokenFile.Read(path);
            if (file.TokenizerHash != manifest.TokenizerHash)
                throw new UserException($"{path}: made by another tokenizer than {ManifestFile} says; prepare the data anew");
            if (SplitSummary.HashOf(file.Tokens) != expected.Sha256)
                throw new UserException($"{path}: not the text that {ManifestFile} describes (another SHA-256); prepare the data anew");
            return file.Tokens;
        }
        var clients = manifest.Clients.Select((c, i) =>
            new ClientData(
                c.Name, Read($"client_{i}.train", c.Train), Read($"client_{i}.trust", c.TrustValidation), Read($"client_{i}.report", c.ReportValidation),
                [.. c.Shares]));
        return new FederatedData([.. clients], Read("reference", manifest.Reference), manifest);
    }
}

/// <summary>The texts of one client, as token ids.</summary>
/// <param name="Name">the name of the client's file, or client_0, client_1, ...</param>
/// <param name="Train">what the adapter learns from</param>
/// <param name="TrustValidation">what the client judges others' adapters by</param>
/// <param name="ReportValidation">what results are reported on; nothing is chosen by it</param>
/// <param name="Shares">the true share of every category among the training tokens; empty where the data has no categories</param>
public sealed record ClientData(string Name, int[] Train, int[] TrustValidation, int[] ReportValidation, double[] Shares)
{
    /// <summary>The documents of the corpus that its texts are made of, ascending; empty where they are not known.</summary>
    public IReadOnlyList<int> Documents { get; init; } = [];
}
