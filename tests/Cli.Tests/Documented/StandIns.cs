namespace LoraCollab.Cli.Tests;

/// <summary>Small files under the names that the documentation uses: texts, a finished run of the shipped model, a batch.</summary>
public sealed class StandIns : IDisposable
{
    private static readonly string[] BuiltIn = ["news", "languages", "code", "mixture"];

    private readonly TemporaryFolder folder = new();
    private int outputs;

    public StandIns()
    {
        folder.File("agnews/train.csv", Lines(240, i => $"\"{i % 4 + 1}\",\"Title {i}\",\"{Sentence(i)}\""));
        foreach (var (number, language) in new[] { "de", "fr", "it" }.Index())
            folder.File($"multiwiki/{language}/AA/wiki_00", Lines(120, i =>
                $"{{\"id\": \"{i}\", \"url\": \"https://{language}.wikipedia.org/wiki?curid={i}\", "
                + $"\"title\": \"{i}\", \"text\": \"{Sentence(1000 * number + i)}\"}}"));
        folder.File("codewiki/wiki/AA/wiki_00", Lines(120, i => $"{{\"id\": \"{i}\", \"url\": \"u\", \"title\": \"{i}\", \"text\": \"{Sentence(i)}\"}}"));
        for (int i = 0; i < 120; i++) folder.File($"codewiki/java/gson/C{i}.java", $"class C{i} {{\n  int x = {i};\n  int twice() {{ return 2 * x; }}\n}}\n");
        folder.File("cc_news.jsonl", Lines(300, i =>
            $"{{\"text\": \"{Sentence(i)}\", \"domain\": \"news{i % 10}.com\", \"url\": \"http://news{i % 10}.com/{i}\"}}"));
        folder.File("news-please.jsonl", Lines(300, i => $"{{\"maintext\": \"{Sentence(i)}\", \"source_domain\": \"news{i % 10}.com\"}}"));
        folder.File("posts.jsonl", Lines(100, i => $"{{\"body\": \"{Sentence(i)}\"}}"));
        foreach (var (number, client) in new[] { "ann", "bob", "eve" }.Index())
            folder.File($"letters/{client}.txt", Lines(80, i => Sentence(1000 * number + 500 + i)));
        folder.File("letters.json", """
            {"clients": [{"name": "ann", "files": ["letters/ann.txt"]}, {"name": "bob", "files": ["letters/bob.txt"]}], "public": ["wiki.txt"]}
            """);
        foreach (var (number, category) in new[] { "cats", "dogs" }.Index()) folder.File($"texts/{category}.txt", Lines(200, i => Sentence(1000 * number + i)));
        foreach (string file in new[] { "text.txt", "letters.txt", "wiki.txt", "tinyshakespeare.txt", "wiki-en-sentences.txt" })
            folder.File(file, Lines(200, Sentence));
        var batch = new TensorBag();
        batch.Add("input_ids", [2, 4], [1, 2, 3, 4, 5, 6, 7, 8]);
        batch.Add("targets", [2, 4], [2, 3, 4, 5, 6, 7, 8, 9]);
        batch.Save(At("batch.safetensors"));
        var run = CliRun.Of(["collab", .. Small, "--clients", "4", "--out", Run]);
        Assert.True(run.ExitCode == 0, run.Error);
    }

    /// <summary>Options that make any run of clients one of seconds.</summary>
    public static string[] Small { get; } =
    [
        "--iterations", "2", "--sequence-length", "16", "--batch-size", "1",
        "--train-tokens", "40", "--trust-tokens", "20", "--report-tokens", "20", "--public-tokens", "40",
        "--prediction-positions", "8", "--prediction-k", "5", "--threads", "1", "--quiet",
    ];

    public static string Model => Path.Combine(Shared.Repository, "models", "tiny");

    /// <summary>A finished run of all six schemes.</summary>
    public string Run => At("finished");

    /// <summary>A profile of one step.</summary>
    public string Profile
    {
        get
        {
            if (Directory.Exists(At("profile"))) return At("profile");
            var run = CliRun.Of("profile", "--steps", "1", "--sequence-length", "16", "--batch-size", "1", "--threads", "1", "--out", At("profile"));
            Assert.True(run.ExitCode == 0, run.Error);
            return At("profile");
        }
    }

    public string Adapter(int client) => Path.Combine(Run, "adapters", "validation", $"client_{client}");

    public string At(string name) => folder.At(name);

    /// <summary>A path of its own for every output, with the ending that was asked for.</summary>
    public string Output(string asked) => At($"output-{++outputs}{Path.GetExtension(asked)}");

    /// <summary>What stands in for a value of --data: itself where it is built in or of the repository, else the file of that name here.</summary>
    public string Data(string asked)
    {
        int colon = asked.IndexOf(':');
        string prefix = asked[..(colon + 1)], name = asked[(colon + 1)..].TrimEnd('/');
        if (BuiltIn.Contains(name)) return asked;
        if (name == "README.md") return prefix + Path.Combine(Shared.Repository, name);
        Assert.True(Path.Exists(At(name)), $"--data {asked}: the documentation names data that has no stand-in here");
        return prefix + At(name);
    }

    public void Dispose() => folder.Dispose();

    private static string Sentence(int i) => $"In year {i} the town of number {i * 7 % 31} had {i * 13 % 97} houses.";

    private static string Lines(int count, Func<int, string> line) => string.Concat(Enumerable.Range(0, count).Select(i => line(i) + "\n"));
}
