using LoraCollab.Data;
using LoraCollab.Engine;

namespace LoraCollab.Federation;

/// <summary>
/// What a reviewer asks for beside the schemes: one adapter trained on the union of several clients' training text, with the same number of steps, the same batches' size, schedule and dropout
/// as one client has, its windows drawn from the union; each client is then measured with it on its own report-validation text.
/// </summary>
public static class Comparators
{
    /// <summary>Pooled(category): one adapter for the clients of each main category.</summary>
    public const string PooledCategory = "pooled_category";

    /// <summary>Pooled(all): one adapter for everybody.</summary>
    public const string PooledAll = "pooled_all";

    public static IReadOnlyList<string> Names { get; } = [PooledCategory, PooledAll];

    /// <summary>The stored result of a run folder if it holds every name; otherwise trains and measures the named comparators and stores them beside the run's result.</summary>
    /// <exception cref="UserException">Another name, categories where the data has none, or the stored file is damaged.</exception>
    /// <exception cref="CollaborationFailedException">A loss became NaN or infinite.</exception>
    public static IReadOnlyDictionary<string, ComparatorSummary> RunOrRead(Collaboration collaboration, FederatedData data, IReadOnlyList<string> names, CancellationToken stop = default)
    {
        string file = Path.Combine(collaboration.Folder, "comparators.json");
        var found = File.Exists(file) ? RunJson.Parse<Dictionary<string, ComparatorSummary>>(file, TextFile.Read(file)) : [];
        string[] missing = [.. names.Where(name => !found.ContainsKey(name))];
        if (missing.Length > 0)
        {
            foreach (var (name, summary) in Run(collaboration, data, missing, stop)) found[name] = summary;
            AtomicFile.WriteText(file, RunJson.File(found));
        }
        return names.ToDictionary(name => name, name => found[name]);
    }

    /// <summary>Trains and measures the named comparators.</summary>
    /// <exception cref="UserException">Another name, or categories where the data has none.</exception>
    /// <exception cref="CollaborationFailedException">A loss became NaN or infinite.</exception>
    public static IReadOnlyDictionary<string, ComparatorSummary> Run(Collaboration collaboration, FederatedData data, IReadOnlyList<string> names, CancellationToken stop = default) =>
        names.ToDictionary(name => name, name => Run(collaboration.Workspace(), data, name, GroupsOf(name, data), stop));

    private static int[][] GroupsOf(string name, FederatedData data)
    {
        int[] everybody = [.. Enumerable.Range(0, data.Clients.Count)];
        if (name == PooledAll) return [everybody];
        if (name != PooledCategory) throw new UserException($"the comparator '{name}' is not one of {string.Join(", ", Names)}");
        if (data.Manifest.Categories.Count == 0) throw new UserException($"{PooledCategory}: the data has no categories to pool by");
        return [.. everybody.GroupBy(i => TrustStatistics.MainCategory(data.Clients[i].Shares)).OrderBy(g => g.Key).Select(g => g.ToArray())];
    }

    private static ComparatorSummary Run(Workspace workspace, FederatedData data, string name, int[][] groups, CancellationToken stop)
    {
        var found = new Evaluation[data.Clients.Count];
        workspace.Lanes.ForEach(groups.Length, (lane, g) =>
        {
            int[] members = groups[g];
            int[] union = [.. members.SelectMany(i => data.Clients[i].Train)];
            var text = new ClientData(name, union, [], [], []);
            // Numbered after the clients, so that its windows and dropout are its own.
            using var pooled = new Client(data.Clients.Count + g, text, workspace);
            Train(lane, pooled, name, workspace.Options.Iterations, stop);
            var evaluator = new ReportEvaluator(workspace);
            foreach (int i in members) found[i] = evaluator.Evaluate(lane, i, data.Clients[i], pooled.Trainer.Adapter, workspace.Options.Iterations);
        });
        return new ComparatorSummary(found.Average(f => f.Loss), found.Average(f => f.Perplexity), found.Average(f => f.Accuracy), [.. found.Select(f => f.Loss)]);
    }

    private static void Train(Lane lane, Client pooled, string name, int iterations, CancellationToken stop)
    {
        try
        {
            while (pooled.Trainer.Steps < iterations)
            {
                stop.ThrowIfCancellationRequested();
                pooled.Trainer.Step(lane.Training, pooled.Fill);
            }
        }
        catch (NonFiniteException e)
        {
            throw new CollaborationFailedException($"comparator {name}, iteration {pooled.Trainer.Steps + 1}: {e.Message}", e);
        }
    }
}
