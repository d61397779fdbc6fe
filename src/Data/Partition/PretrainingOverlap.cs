using System.Text.Json.Serialization;

namespace LoraCollab.Data.Partition;

/// <summary>Which part of the clients' text the model may have seen in pretraining: results on such text say less about what the clients taught each
/// other.</summary>
/// <param name="Text">The name of the pretraining text.</param>
/// <param name="Hash">The hash of its documents.</param>
/// <param name="Words">Words in a row that count as the same text.</param>
/// <param name="Clients">[N]: of all documents of a client, its validation text included.</param>
public sealed record PretrainingOverlap(string Text, string Hash, int Words, IReadOnlyList<OverlapShare> Clients)
{
    /// <summary>The largest share of a client's documents.</summary>
    [JsonIgnore]
    public double Most => Clients.Max(c => c.Documents);

    /// <summary>The same with the text's name as tables show it.</summary>
    public PretrainingOverlap Named() => this with { Text = ForeignText.Name(Text) };

    /// <summary>The same data, its manifest marked with what it shares with a pretraining text.</summary>
    /// <param name="data">Dealt from <paramref name="corpus"/>.</param>
    /// <param name="corpus">Its documents.</param>
    /// <param name="pretraining">What the model was trained on.</param>
    public static FederatedData Mark(FederatedData data, ICorpus corpus, ICorpus pretraining)
    {
        var seen = new TextOverlap(pretraining.Documents.Select(d => d.Text));
        var clients = data.Clients.Select(c => seen.Of(c.Documents.Select(d => corpus.Documents[d].Text))).ToArray();
        var found = new PretrainingOverlap(pretraining.Name, pretraining.Hash, TextOverlap.Words, clients);
        return data with { Manifest = data.Manifest with { PretrainingOverlap = found } };
    }
}
