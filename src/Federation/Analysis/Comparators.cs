namespace LoraCollab.Federation.Analysis;

/// <summary>
/// What a reviewer asks for beside the schemes: adapters that are trained without collaboration on more text than a client has, or from FedAvg's result.
/// Batches' size, schedule and dropout are
/// those of the clients, and so is the number of steps where nothing else is said; each client is measured on its own report-validation text.
/// </summary>
public static class Comparators
{
    /// <summary>
    /// The stored result of a run folder if it holds every name; otherwise trains and measures the named comparators and stores them beside the run's result.
    /// </summary>
    /// <exception cref="UserException">Another name, data that cannot serve it, or the stored file is damaged.</exception>
    /// <exception cref="CollaborationFailedException">A loss became NaN or infinite.</exception>
    public static IReadOnlyDictionary<string, ComparatorSummary> RunOrRead(
        Collaboration collaboration, FederatedData data, IReadOnlyList<string> names, CancellationToken stop = default)
    {
        string file = Path.Combine(collaboration.Folder, RunFiles.Comparators);
        var found = RunFolder.ReadComparators(collaboration.Folder).ToDictionary();
        RunConsistency.Require(file, found, data.Clients.Count);
        string[] missing = [.. names.Where(name => !found.ContainsKey(name))];
        if (missing.Length > 0)
        {
            foreach (var (name, summary) in Run(collaboration, data, missing, stop)) found[name] = summary;
            StoredResult.Add(collaboration.Folder, RunFiles.Comparators, RunJson.File(found));
        }
        return names.ToDictionary(name => name, name => found[name]);
    }

    /// <summary>Trains and measures the named comparators.</summary>
    /// <exception cref="UserException">Another name, or data that cannot serve it.</exception>
    /// <exception cref="CollaborationFailedException">A loss became NaN or infinite.</exception>
    public static IReadOnlyDictionary<string, ComparatorSummary> Run(
        Collaboration collaboration, FederatedData data, IReadOnlyList<string> names, CancellationToken stop = default)
    {
        var jobs = names.ToDictionary(name => name, name => Jobs(name, collaboration, data));
        return jobs.ToDictionary(j => j.Key, j => Run(collaboration.Workspace(), data, j.Key, j.Value, stop));
    }

    private static ComparatorSummary Run(Workspace workspace, FederatedData data, string name, ComparatorJob[] jobs, CancellationToken stop)
    {
        var found = new Evaluation[data.Clients.Count];
        workspace.Lanes.ForEach(jobs.Length, (lane, j) => jobs[j].Run(name, workspace, lane, data, found, stop));
        int[] attackers = [.. Attack.Attackers(workspace.Options, found.Length)];
        Evaluation[] counted = [.. found.Where((_, i) => !attackers.Contains(i))];
        return new ComparatorSummary(counted.Average(f => f.Loss), counted.Average(f => f.Perplexity), counted.Average(f => f.Accuracy),
            [.. found.Select(f => f.Loss)], jobs[0].Steps);
    }

    private static ComparatorJob[] Jobs(string name, Collaboration collaboration, FederatedData data)
    {
        var options = collaboration.Options;
        int n = data.Clients.Count, steps = options.Iterations;
        int[] everybody = [.. Enumerable.Range(0, n)];
        switch (name)
        {
            case ComparatorNames.PooledAll:
                return [Pooled(0, everybody, steps)];
            case ComparatorNames.PooledAllEpochs:
                return [Pooled(0, everybody, checked(steps * n))];
            case ComparatorNames.PooledCategory:
                if (data.Manifest.Categories.Count == 0) throw new UserException($"{ComparatorNames.PooledCategory}: the data has no categories to pool by");
                var groups = everybody.GroupBy(i => TrustStatistics.MainCategory(data.Clients[i].Shares)).OrderBy(g => g.Key);
                return [.. groups.Select((members, g) => Pooled(g, [.. members], steps))];
            case ComparatorNames.LocalWithTrustText:
                if (data.Manifest.TrustIsReport)
                    throw new UserException($"{ComparatorNames.LocalWithTrustText}: trust is validated on the reported text here (trap 7 = paper), "
                        + "which nothing may be trained on");
                return Alone(i => [.. data.Clients[i].Train, .. data.Clients[i].TrustValidation]);
            case ComparatorNames.LocalWithPublicText:
                if (data.Reference.Length == 0) throw new UserException($"{ComparatorNames.LocalWithPublicText}: the data has no public text");
                return Alone(i => [.. data.Clients[i].Train, .. data.Reference]);
            case ComparatorNames.FedAvgFineTuned:
                return FineTuned(collaboration, data);
            default:
                throw new UserException($"the comparator '{name}' is not one of {string.Join(", ", ComparatorNames.All)}");
        }

        // Numbered after the clients, so that its windows and dropout are its own.
        ComparatorJob Pooled(int g, int[] members, int count) =>
            new(n + g, [.. members.SelectMany(i => data.Clients[i].Train)], members, count, Schedule(options, count));

        ComparatorJob[] Alone(Func<int, int[]> text) => [.. everybody.Select(i => new ComparatorJob(i, text(i), [i], steps, Schedule(options, steps)))];
    }

    private static ComparatorJob[] FineTuned(Collaboration collaboration, FederatedData data)
    {
        var options = collaboration.Options;
        if (!options.Schemes.Contains(StrategyRegistry.Mean))
            throw new UserException($"{ComparatorNames.FedAvgFineTuned}: it begins with the adapters of the scheme {StrategyRegistry.Mean}, "
                + $"which this run has not; add {StrategyRegistry.Mean} to the schemes");
        int steps = (options.Iterations + 2) / 3;
        var rate = new ConstantRate(Schedule(options, options.Iterations).At(options.Iterations));
        return [.. data.Clients.Select((client, i) => new ComparatorJob(i, client.Train, [i], steps, rate)
        {
            Start = RunFolder.ReadAdapter(collaboration.Folder, StrategyRegistry.Mean, i, collaboration.Workspace().Model.Config).Values,
            StepsBefore = options.Iterations,
        })];
    }

    private static OneCycle Schedule(CollaborationOptions options, int steps) => new(options.LearningRate!.Value, steps);
}

/// <summary>One adapter that a comparator trains, and the clients that are measured with it.</summary>
/// <param name="Number">Keeps its windows and dropout apart from others'; a client's own number gives it that client's dropout.</param>
/// <param name="Text">What it is trained on.</param>
/// <param name="Members">Clients that are measured with it on their report-validation text.</param>
/// <param name="Steps">AdamW steps.</param>
/// <param name="Schedule">Learning rates.</param>
internal sealed record ComparatorJob(int Number, int[] Text, int[] Members, int Steps, LearningRateSchedule Schedule)
{
    /// <summary>The adapter to begin with; null: the initial one.</summary>
    public float[]? Start { get; init; }

    /// <summary>Steps that were taken before: the windows go on from there.</summary>
    public int StepsBefore { get; init; }

    /// <summary>Trains and measures, one entry of <paramref name="found"/> a member.</summary>
    /// <exception cref="CollaborationFailedException">A loss became NaN or infinite.</exception>
    public void Run(string name, Workspace workspace, Lane lane, FederatedData data, Evaluation[] found, CancellationToken stop)
    {
        var options = workspace.Options;
        using var trainer = new LoraTrainer(workspace.Model, workspace.Lora, workspace.Training with { Schedule = Schedule }, (uint)Number);
        trainer.Adapter.Set(Start ?? workspace.Initial(Number));
        var sampler = new BatchSampler(Text, options.SequenceLength, options.Seed, Number);
        try
        {
            while (trainer.Steps < Steps)
            {
                stop.ThrowIfCancellationRequested();
                trainer.Step(lane.Training, (step, micro, inputs, targets) => sampler.Fill(StepsBefore + step, micro, inputs, targets));
            }
        }
        catch (ComputationFailedException e)
        {
            throw new CollaborationFailedException($"comparator {name}, iteration {trainer.Steps + 1}: {e.Message}", e);
        }
        var evaluator = new ReportEvaluator(workspace);
        foreach (int i in Members) found[i] = evaluator.Evaluate(lane, i, data.Clients[i], trainer.Adapter, options.Iterations);
    }
}
