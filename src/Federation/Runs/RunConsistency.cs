namespace LoraCollab.Federation.Runs;

/// <summary>
/// What must hold in the files of a run folder beyond their form. A folder may come from anywhere: who reads a file of one asks here first, so that nothing
/// behind it meets a list of another length, a number that is none, or a scheme that does not exist.
/// </summary>
internal static class RunConsistency
{
    /// <summary>summary.json by itself.</summary>
    public static void Require(string file, RunSummary summary)
    {
        var at = new RunPlace(file);
        int n = summary.Clients;
        at.Require(n >= 1, $"clients is {n}");
        at.Require(summary.Iterations >= 1, $"iterations is {summary.Iterations}");
        at.Require(summary.Schemes.Count > 0, $"there is no scheme in it");
        at.Number("base_perplexity", summary.BasePerplexity, 1);
        at.Number("base_loss", summary.BaseLoss, 0, double.MaxValue);
        at.Seconds(summary.Seconds);
        at.Clients("attackers", summary.Attackers, n, most: n - 1);
        at.Number("absent", summary.Absent ?? 0, 0, 1);
        Require(at, summary.PretrainingOverlap, n);
        foreach (var (name, scheme) in summary.Schemes)
        {
            at.Scheme(name, summary.Schemes.Keys);
            at.Require(scheme is not null, $"scheme {name} is null");
            Require(at, name, scheme!, n);
        }
    }

    /// <summary>summary.json beside the data that was dealt and the schemes that were asked for.</summary>
    public static void RequireFits(string file, RunSummary summary, ClientManifest manifest, IReadOnlyList<string> schemes)
    {
        var at = new RunPlace(file);
        at.Count("the result", summary.Clients, manifest.Clients.Count);
        at.Require(summary.Schemes.Keys.ToHashSet().SetEquals(schemes), $"its schemes are not {string.Join(", ", schemes)}, which config.json names");
        foreach (var (name, scheme) in summary.Schemes)
            foreach (var client in scheme.Clients)
                at.Count($"client {client.Id} of scheme {name}", client.Shares.Count, manifest.Categories.Count, "shares");
    }

    /// <summary>comparators.json.</summary>
    /// <param name="clients">N; null where it is not known yet.</param>
    public static void Require(string file, IReadOnlyDictionary<string, ComparatorSummary> comparators, int? clients = null)
    {
        var at = new RunPlace(file);
        foreach (var (name, found) in comparators)
        {
            at.Require(ComparatorNames.All.Contains(name), $"{ForeignText.Quoted(name)} is no comparator of this program, or one of another version");
            at.Require(found is not null, $"{name} is null");
            at.Count(name, found!.ClientLosses.Count, clients ?? Math.Max(1, found.ClientLosses.Count));
            foreach (double loss in found.ClientLosses) at.Number($"a loss of {name}", loss, 0, double.MaxValue);
            at.Number($"mean_loss of {name}", found.MeanLoss, 0, double.MaxValue);
            at.Number($"mean_perplexity of {name}", found.MeanPerplexity, 1);
            at.Number($"mean_accuracy of {name}", found.MeanAccuracy, 0, 1);
        }
    }

    /// <summary>A finished run: every scheme of the summary has its evaluations, aggregations and bytes in the logs, each of all clients.</summary>
    public static void Require(RunRecord run)
    {
        string At(string name) => Path.Combine(run.Folder, name);
        var (summary, n) = (run.Summary, run.Manifest.Clients.Count);
        RequireFits(At("summary.json"), summary, run.Manifest, run.Identity.Options.Schemes);
        int iterations = run.Identity.Options.Iterations;
        new RunPlace(At("config.json")).Require(iterations == summary.Iterations, $"iterations is {iterations} where summary.json has {summary.Iterations}");
        ForeignBytes.Within(At("config.json"), () => Topology.Parse(run.Identity.Options.Topology, n));
        Require(At("comparators.json"), run.Comparators, n);
        Each(At("metrics.jsonl"), run.Metrics, (at, line) =>
        {
            if (line.Phase == EvaluationPhase.Base) at.Require(line.Scheme == "base", $"phase base belongs to scheme base");
            else at.Scheme(line.Scheme, summary.Schemes.Keys);
            Iteration(at, line.Iteration, iterations);
            Require(at, line, n);
        });
        Ascend(At("metrics.jsonl"), run.Metrics, m => m.Scheme, m => m.Iteration);
        Trust(At("trust.jsonl"), run.Trust, summary.Schemes.Keys, n, iterations);
        Ascend(At("trust.jsonl"), run.Trust, t => t.Scheme, t => t.Iteration, strictly: true);
        Trust(At(RunRecord.AfterLocalFile), run.AfterLocal, StrategyRegistry.Names, n, iterations);
        Each(At("ledger.jsonl"), run.Ledger, (at, line) =>
        {
            at.Scheme(line.Scheme, summary.Schemes.Keys);
            Iteration(at, line.Iteration, iterations);
            at.Clients("client", [line.Client], n);
            at.Require(line is { Count: >= 0, Bytes: >= 0 }, $"count is {line.Count} and bytes is {line.Bytes}");
        });
        foreach (var (scheme, result) in summary.Schemes) RequireWhole(run, scheme, result, iterations);
    }

    /// <summary>Lines of trust, at one moment or at several.</summary>
    public static void Trust(string file, IReadOnlyList<TrustLine> lines, IEnumerable<string> ran, int n, int iterations) => Each(file, lines, (at, line) =>
    {
        at.Scheme(line.Scheme, ran);
        Iteration(at, line.Iteration, iterations);
        at.Require(line.Round >= 0, $"round is {line.Round}");
        at.Weights("weights", line.Weights, n, line.Normalisation != TrustNormalisation.Verbatim);
        at.Square("scores", line.Scores, n);
        at.Square("distance", line.Distance, n);
        at.Square("loss", line.Loss, n);
        at.Count("residual", line.Residual.Length, n);
        at.Count("residual_relative", line.ResidualRelative.Length, n);
        at.Count("temperatures", line.Temperatures?.Count ?? n, n);
        at.Count("loss_difference_error", line.LossDifferenceError?.Length ?? n, n);
        at.Clients("temperature_below_error", line.TemperatureBelowError, n);
        at.Clients("drops_self", line.DropsSelf, n);
        at.Clients("absent", line.Absent, n, most: n - 1);
    });

    /// <summary>A file of regrets.</summary>
    public static void Require(string file, IReadOnlyList<TrustRegret> lines, int n) => Each(file, lines, (at, line) =>
    {
        at.Scheme(line.Scheme, StrategyRegistry.Names);
        at.Square("weights", line.Weights, n);
        at.Square("learned", line.Learned, n);
        at.Count("loss", line.Loss.Length, n);
        at.Count("learned_loss", line.LearnedLoss.Length, n);
        at.Finite("regret", line.Regret);
    });

    /// <summary>What a checkpoint says of how far the run is.</summary>
    public static void Require(string file, RunProgress progress, CollaborationOptions options, int n)
    {
        var at = new RunPlace(file);
        at.Require(progress.Stage >= -1 && progress.Stage < options.Schemes.Count, $"stage is {progress.Stage}");
        Iteration(at, progress.Iteration, options.Iterations);
        at.Require(progress.Round >= 0, $"round is {progress.Round}");
        at.Require(progress.LogLengths.Keys.ToHashSet().SetEquals(RunFolder.Logs) && progress.LogLengths.Values.All(length => length >= 0),
            $"log_lengths are not the lengths of {string.Join(", ", RunFolder.Logs)}");
        at.Count("train_losses", progress.TrainLosses.Count, n);
        at.Require(progress.SharedTrainLosses.Count == n || progress.SharedTrainLosses.Count == 0,
            $"shared_train_losses has {progress.SharedTrainLosses.Count} clients");
        if (progress.Base is { } line) Require(at, line, n);
        at.Require(progress.Stage < 0 || progress.Base is not null, $"base is missing");
        int[] left = [.. Attack.Attackers(options, n), .. (progress.Totals.Excluded ?? []).Concat(progress.SharedExcluded ?? []).Select(e => e.Client)];
        foreach (var clients in new[] { progress.AfterShared, progress.Totals.Before, progress.Totals.After }.OfType<IReadOnlyList<ClientMetrics>>())
            Require(at, clients, n, left);
        at.Clients("excluded", progress.Totals.Excluded?.Select(e => e.Client), n, most: n - 1);
        at.Clients("shared_excluded", progress.SharedExcluded?.Select(e => e.Client), n, most: n - 1);
        if (progress.Totals.Trust is { } trust) at.Square("trust", trust, n);
        bool mixed = progress.Stage >= 0 && (progress.Round > 0 || progress.Iteration == options.Iterations);
        at.Require(!mixed || progress.Totals is { Trust: not null, After: not null }, $"totals lack what the last aggregation left");
        at.Require(options.Schemes.Take(progress.Stage).All(progress.Finished.ContainsKey), $"finished lacks a scheme before stage {progress.Stage}");
        foreach (var (name, scheme) in progress.Finished)
        {
            at.Scheme(name, options.Schemes);
            at.Require(scheme is not null, $"scheme {name} is null");
            Require(at, name, scheme!, n);
        }
    }

    private static void RequireWhole(RunRecord run, string scheme, SchemeSummary result, int iterations)
    {
        RunPlace At(string name) => new(Path.Combine(run.Folder, name));
        int last = run.Metrics.LastOrDefault(m => m.Scheme == scheme)?.Iteration ?? -1;
        At("metrics.jsonl").Require(last >= 0, $"no line of scheme {scheme}");
        At("metrics.jsonl").Require(last == iterations, $"the last line of scheme {scheme} is of iteration {last} where config.json has {iterations}");
        var rounds = run.RoundsOf(scheme);
        At("trust.jsonl").Require(rounds.Count == 0 || rounds.Count == result.Aggregations,
            $"{rounds.Count} aggregations of scheme {scheme} where summary.json has {result.Aggregations}");
        At("trust.jsonl").Require(rounds.Select(r => r.Round).SequenceEqual(Enumerable.Range(1, rounds.Count)),
            $"the rounds of scheme {scheme} are not 1 to {rounds.Count}");
        Bytes(Direction.Up, result.BytesUp);
        Bytes(Direction.Down, result.BytesDown);

        void Bytes(Direction direction, long expected)
        {
            decimal found = run.Ledger.Where(e => e.Scheme == scheme && e.Direction == direction).Sum(e => (decimal)e.Bytes);
            At("ledger.jsonl").Require(found == expected,
                $"{found:N0} bytes {direction.ToString().ToLowerInvariant()} under scheme {scheme} where summary.json has {expected:N0}");
        }
    }

    private static void Require(RunPlace at, string name, SchemeSummary scheme, int n)
    {
        at.Number($"mean_perplexity of {name}", scheme.MeanPerplexity, 1);
        at.Number($"mean_perplexity_before of {name}", scheme.MeanPerplexityBefore ?? 1, 1);
        at.Number($"mean_loss of {name}", scheme.MeanLoss, 0, double.MaxValue);
        at.Number($"mean_loss_before of {name}", scheme.MeanLossBefore ?? 0, 0, double.MaxValue);
        at.Number($"mean_trust_loss of {name}", scheme.MeanTrustLoss, 0, double.MaxValue);
        at.Number($"mean_accuracy of {name}", scheme.MeanAccuracy, 0, 1);
        at.Number($"epochs of {name}", scheme.Epochs, 0, double.MaxValue);
        at.Seconds(scheme.Seconds);
        at.Require(scheme is { Aggregations: >= 0, BytesUp: >= 0, BytesDown: >= 0, TrustEvaluations: >= 0 }, $"a count of scheme {name} is below 0");
        at.Count($"scheme {name}", scheme.Clients.Count, n);
        at.Clients($"excluded of {name}", scheme.Excluded?.Select(e => e.Client), n, most: n - 1);
        at.Require(scheme.Counted.Any(), $"no client of scheme {name} counts");
        for (int i = 0; i < n; i++)
        {
            var c = scheme.Clients[i];
            at.Require(c.Id == i, $"client {c.Id} of scheme {name} stands in the place of client {i}");
            foreach (double share in c.Shares) at.Number("a share", share, 0, 1);
            if (c.LeftOut is not null) continue;
            at.Number("loss", c.Loss, 0, double.MaxValue);
            at.Number("perplexity", c.Perplexity, 1);
            at.Number("perplexity_before", c.PerplexityBefore ?? 1, 1);
            at.Number("trust_loss", c.TrustLoss, 0, double.MaxValue);
            at.Number("accuracy", c.Accuracy, 0, 1);
        }
        at.Square($"trust of {name}", scheme.Trust, n);
        at.Require(TrustMatrix.Fault(scheme.Trust, sumsToOne: false) is null, $"trust of {name}: {TrustMatrix.Fault(scheme.Trust, sumsToOne: false)}");
    }

    private static void Require(RunPlace at, MetricsLine line, int n)
    {
        at.Number("mean_loss", line.MeanLoss, 0, double.MaxValue);
        at.Number("mean_perplexity", line.MeanPerplexity, 1);
        at.Number("mean_accuracy", line.MeanAccuracy, 0, 1);
        at.Clients("left_out", line.LeftOut, n, most: n - 1);
        Require(at, line.Clients, n, line.LeftOut);
    }

    /// <param name="leftOut">Clients whose numbers count nowhere, and may be anything: an attacker can ruin itself.</param>
    private static void Require(RunPlace at, IReadOnlyList<ClientMetrics> clients, int n, IReadOnlyList<int>? leftOut = null)
    {
        at.Count("clients", clients.Count, n);
        for (int i = 0; i < n; i++)
        {
            var c = clients[i];
            at.Require(c.Id == i, $"client {c.Id} stands in the place of client {i}");
            at.Require(c.Tokens >= 0, $"tokens is {c.Tokens}");
            if (leftOut?.Contains(i) == true) continue;
            at.Number("loss", c.Loss, 0, double.MaxValue);
            at.Number("perplexity", c.Perplexity, 1);
            at.Number("accuracy", c.Accuracy, 0, 1);
            at.Number("drift", c.Drift, 0);
        }
    }

    private static void Require(RunPlace at, PretrainingOverlap? overlap, int n)
    {
        if (overlap is null) return;
        at.Count("pretraining_overlap", overlap.Clients.Count, n);
        foreach (var c in overlap.Clients)
        {
            at.Number("documents of pretraining_overlap", c.Documents, 0, 1);
            at.Number("grams of pretraining_overlap", c.Grams, 0, 1);
        }
    }

    private static void Iteration(RunPlace at, int iteration, int iterations) =>
        at.Require(iteration >= 0 && iteration <= iterations, $"iteration {iteration} is not one of 0 to {iterations}");

    private static void Each<T>(string file, IReadOnlyList<T> lines, Action<RunPlace, T> require)
    {
        for (int i = 0; i < lines.Count; i++) require(new RunPlace(file, i + 1), lines[i]);
    }

    /// <summary>Each scheme's lines are in the order in which they happened.</summary>
    private static void Ascend<T>(string file, IReadOnlyList<T> lines, Func<T, string> scheme, Func<T, int> iteration, bool strictly = false)
    {
        var last = new Dictionary<string, int>();
        Each(file, lines, (at, line) =>
        {
            int now = iteration(line), before = last.GetValueOrDefault(scheme(line), -1);
            at.Require(strictly ? now > before : now >= before, $"iteration {now} of scheme {scheme(line)} stands after iteration {before}");
            last[scheme(line)] = now;
        });
    }
}
