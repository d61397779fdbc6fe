namespace LoraCollab.Report.Experiments;

/// <summary>One run of an experiment: all its schemes on one set under one seed.</summary>
/// <param name="Set">Name of the data: news, languages, code, agnews, multiwiki, codewiki or what else was given.</param>
/// <param name="Distribution">Who holds what: specific, mixed, …</param>
/// <param name="Compat">corrected or paper, and the traps that differ.</param>
/// <param name="Seed">The run's seed.</param>
/// <param name="Run">The run folder, relative to the experiment's, with / between names.</param>
/// <param name="Over">The option that a sweep varies; null in other experiments.</param>
/// <param name="Value">Its value in this run.</param>
/// <param name="Command">The collab command line that makes this very run; null where it was not kept.</param>
public sealed record ExperimentCell(
    string Set, string Distribution, string Compat, ulong Seed, string Run, string? Over = null, string? Value = null, string? Command = null);
