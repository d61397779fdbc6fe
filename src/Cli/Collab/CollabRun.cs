namespace LoraCollab.Cli.Collab;

/// <summary>Shows the plan, runs with progress, shows the result.</summary>
internal sealed class CollabRun(CollabSetup setup, CollabCommand command, CommandContext context)
{
    private readonly Collaboration collaboration = setup.Collaboration;

    private bool Silent => command.Quiet || command.Json;

    public int Execute()
    {
        bool stored = collaboration.RequireFolder();
        if (!Silent) ShowPlan(stored);
        if (command.DryRun) return ExitCode.Success;
        var stop = context.StopGracefully(StopSignal.Resume);
        var (summary, comparators) = ProgressView.Watch(context.Terminal, Silent || stored, progress =>
        {
            var observer = new ProgressObserver(progress, collaboration);
            var found = collaboration.Run(observer, stop);
            if (found.Schemes.ContainsKey(StrategyRegistry.Solo)) TrustAfterLocal.RunOrRead(collaboration, stop);
            var names = command.Comparators;
            if (names.Count > 0) progress.Report("without collaboration, for comparison", 1);
            return (found, names.Count > 0 ? Comparators.RunOrRead(collaboration, setup.Data, names, stop) : null);
        });
        if (command.Json) context.Out.Write((summary with { Comparators = comparators }).ToJson());
        else ShowResult(summary, comparators);
        return ExitCode.Success;
    }

    private void ShowPlan(bool stored)
    {
        var plan = new PlanText(setup.Model.Name, setup.Model.Config, setup.Data.Manifest, collaboration)
        {
            Backend = setup.Backend.Description,
            Start = command.Adapter,
            Seconds = stored ? null : collaboration.EstimateSeconds(),
        };
        plan.Write(context.Terminal);
        if (stored) context.Out.WriteLine($"{collaboration.Folder} holds the result of this very run; --fresh runs it anew.");
    }

    private void ShowResult(RunSummary summary, IReadOnlyDictionary<string, ComparatorSummary>? comparators)
    {
        var overlap = setup.Data.Manifest.PretrainingOverlap;
        new ResultTable(summary) { Comparators = comparators, Floor = Floor(summary), Overlap = overlap }.Write(context.Terminal);
        TrustHeatmap.Write(context.Terminal, summary, setup.Data.Manifest.Categories);
        if (!command.Quiet) NextCommands.Write(context.Out, collaboration.Folder, summary, command);
    }

    /// <summary>The least possible loss of the clients' report text, where the data knows it: the mean over clients, as the results are.</summary>
    private CorpusFloor? Floor(RunSummary summary)
    {
        if (setup.Corpus is not GeneratedCorpus generated || setup.Tokenizer.EndOfText is null || collaboration.Options.Compat.IsPaperMode) return null;
        var counted = setup.Data.Clients.Where((_, i) => summary.Attackers?.Contains(i) != true);
        var floors = counted.Select(c => generated.FloorPerToken(c.ReportValidation, setup.Tokenizer)).ToArray();
        return new CorpusFloor(floors.Average(f => f.WithCategory), floors.Average(f => f.WithoutCategory));
    }
}
