namespace LoraCollab.Cli.Reproduce;

/// <summary>A run that an experiment wants.</summary>
/// <param name="Arguments">Its collab options.</param>
/// <param name="Cell">Its place in the table; the run folder is not known yet.</param>
internal sealed record PlannedRun(OptionValues Arguments, ExperimentCell Cell)
{
    /// <summary>"news specific, seed 3", with what is varied.</summary>
    public string Title => $"{Cell.Set} {Cell.Distribution}{(Cell.Over is null ? "" : $", {Cell.Over} {Cell.Value}")}, seed {Cell.Seed}";

    /// <summary>A value that makes no run is refused before the first run, not hours later; in a dry run too.</summary>
    /// <exception cref="UserException">There is one.</exception>
    public void RequireValues()
    {
        Command.Of<CollabCommand>(Arguments).Options.Resolve();
    }

    public static PlannedRun Of(OptionValues arguments, string set, string distribution, string compat, ulong seed, string? over = null,
        string? value = null) =>
        new(arguments, new ExperimentCell(set, distribution, compat, seed, "", over, value, CollabOptions.CommandLineOf(arguments)).Named());
}
