using System.Globalization;

namespace LoraCollab.Cli.Tests;

/// <summary>An example of docs/kernels.md: what is given, and after arrows what comes of it. Rows are apart by |, # begins a remark.</summary>
internal sealed class WorkedExample
{
    private readonly Dictionary<string, double[]> given = [];

    private WorkedExample(string name) => Name = name;

    public string Name { get; }

    /// <summary>What the page says comes out, in its order.</summary>
    public List<(string Name, double[] Values)> Results { get; } = [];

    public static IReadOnlyList<WorkedExample> All { get; } =
        [.. KernelPage.Sections.SelectMany(s => s.Body.Split("```text\n").Where(b => b.StartsWith("example ", StringComparison.Ordinal)).Select(Parse))];

    public double[] this[string name] => given[name];

    public double Number(string name) => Assert.Single(given[name]);

    public int Whole(string name) => (int)Number(name);

    private static WorkedExample Parse(string block)
    {
        string[][] lines = [.. block[..block.IndexOf("```", StringComparison.Ordinal)].Trim().Split('\n')
            .Select(l => l.Split('#')[0].Replace("|", " ").Split(' ', StringSplitOptions.RemoveEmptyEntries))];
        var example = new WorkedExample(string.Join(' ', lines[0][1..]));
        foreach (string[] words in lines.Skip(1))
        {
            if (words[0] == "→") example.Results.Add((words[1], Values(words[2..])));
            else example.given.Add(words[0], Values(words[1..]));
        }
        return example;
    }

    private static double[] Values(string[] words) => [.. words.Select(w => double.Parse(w, CultureInfo.InvariantCulture))];
}
