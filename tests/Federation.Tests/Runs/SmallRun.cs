using System.Text;

namespace LoraCollab.Federation.Tests;

/// <summary>A collaboration small enough for a test: four clients of two categories, two layers of sixteen channels.</summary>
internal sealed class SmallRun : IDisposable
{
    private static readonly string[] Words = ["alpha", "beta", "gamma", "delta", "omega", "sigma"];

    /// <param name="inMemory">In a file system that is no disk, where there is one: for tests that force thousands of files to the disk.</param>
    public SmallRun(bool inMemory = false)
    {
        string temporary = inMemory && Directory.Exists("/dev/shm") ? "/dev/shm" : Path.GetTempPath();
        Root = Directory.CreateDirectory(Path.Combine(temporary, "loracollab-federation-" + Guid.NewGuid().ToString("N"))).FullName;
    }

    /// <summary>A folder of its own, deleted at the end.</summary>
    public string Root { get; }

    public static CollaborationOptions Options { get; } = new()
    {
        Iterations = 8,
        PretrainingRounds = 3,
        TrustFrequency = 2,
        BatchSize = 2,
        SequenceLength = 8,
        Rank = 2,
        LearningRate = 5e-3,
        PredictionK = 5,
        PredictionPositions = "20",
    };

    public static FederatedData Data { get; } = Deal(Corpus(["first", "second"]));

    public string Folder(string name) => Path.Combine(Root, name);

    public RunSettings Settings(string folder, int threads = 1, int checkpointEvery = 2) =>
        new() { Out = Folder(folder), Threads = threads, CheckpointEvery = checkpointEvery };

    public static IWeights Weights(FederatedData? data = null) =>
        new RandomWeights(new GptConfig(2, 2, 16, (data ?? Data).Manifest.VocabularySize, 16), seed: 5);

    public static RunSummary Run(CollaborationOptions options, RunSettings settings, IRunObserver? observer = null, CancellationToken stop = default,
        BackendKind kind = BackendKind.Reference, FederatedData? data = null, IWeights? weights = null, PeftAdapter? start = null)
    {
        using var backend = TestBackends.Open(kind, settings.Threads);
        var inputs = new CollaborationInputs("random", weights ?? Weights(data), data ?? Data, backend) { Start = start };
        using var collaboration = new Collaboration(options, inputs, settings);
        return collaboration.Run(observer ?? new SilentObserver(), stop);
    }

    public static ICorpus Corpus(string[] categories)
    {
        var documents = new List<Document>();
        for (int d = 0; d < 240; d++)
        {
            int category = categories.Length == 0 ? Document.None : d % categories.Length;
            var random = new CounterRandom(9, RandomPurpose.GeneratedDocuments, d);
            var text = new StringBuilder();
            for (int w = 0, word = random.Below(Words.Length, 0); w < 8; w++)
            {
                text.Append(Words[word]).Append(' ');
                // In the first category words follow each other upwards, in the second downwards.
                word = (word + (category == 1 ? Words.Length - 1 : 1) + (random.Unit(w + 1) < 0.1 ? 1 : 0)) % Words.Length;
            }
            // Four more by its number: no document is another's copy.
            for (int w = 0, rest = d; w < 4; w++, rest /= Words.Length) text.Append(Words[rest % Words.Length]).Append(' ');
            documents.Add(new Document(text.ToString(), category));
        }
        return new DocumentCorpus("words", categories, documents);
    }

    public static FederatedData Deal(ICorpus corpus, int clients = 4) =>
        FederatedData.Partition(corpus, CharacterTokenizer.FromTexts(corpus.Documents.Select(d => d.Text).Append("\n")), new PartitionOptions
        {
            Clients = clients,
            TrainTokens = 300,
            TrustTokens = 60,
            ReportTokens = 60,
            ReferenceTokens = 100,
        });

    /// <summary>Every file of a run folder that holds results, by its relative path; wall times are left out.</summary>
    public static Dictionary<string, string> Results(string folder) => Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories)
        .Where(f => Path.GetFileName(f) is not ("summary.json" or "hashes.json" or "lock"))
        .ToDictionary(f => Path.GetRelativePath(folder, f), f => Convert.ToHexString(System.Security.Cryptography.SHA256.HashData(File.ReadAllBytes(f))));

    public void Dispose() => Directory.Delete(Root, recursive: true);
}
