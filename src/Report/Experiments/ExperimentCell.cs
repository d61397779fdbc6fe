using System.Security.Cryptography;
using System.Text;

namespace LoraCollab.Report.Experiments;

/// <summary>One run of an experiment: all its schemes on one set under one seed.</summary>
/// <param name="Set">Name of the data: news, languages, code, agnews, multiwiki, codewiki or what else was given.</param>
/// <param name="Distribution">Who holds what: specific, mixed, …</param>
/// <param name="Compat">corrected or paper, and the traps that differ.</param>
/// <param name="Seed">The run's seed.</param>
/// <param name="Run">The run folder, relative to the experiment's, with / between names.</param>
/// <param name="Over">The option that a sweep varies; null in other experiments.</param>
/// <param name="Value">Its value in this run.</param>
/// <param name="Command">The collab command line that makes this very run, absolute paths by their last names; null where it was not kept.</param>
/// <param name="Paths">A hash of what the last names leave out, so that data of one name from two places stays two; null where nothing is left out.</param>
public sealed record ExperimentCell(
    string Set, string Distribution, string Compat, ulong Seed, string Run, string? Over = null, string? Value = null, string? Command = null,
    string? Paths = null)
{
    /// <summary>A cell out of a file: its run lies below the experiment, and what it varies can be the name of an option.</summary>
    /// <param name="folder">Of the experiment.</param>
    /// <param name="origin">The file and the cell's place in it.</param>
    /// <exception cref="UserException">The run lies elsewhere, or an option has no such name.</exception>
    internal ExperimentCell Checked(string folder, string origin)
    {
        if (Run.Split('/') is not [Experiment.Runs, var run] || !PlainName.IsPlain(run))
            throw new UserException($"{origin}: the run {ForeignText.Quoted(Run)} is none of this experiment: expected {Experiment.Runs}/ID");
        OwnFolder.RequireInside(folder, Experiment.Runs, run);
        if (Over is not null && !(Over.Length is > 0 and < 40 && Over.All(c => char.IsAsciiLetterLower(c) || c == '-')))
            throw new UserException($"{origin}: {ForeignText.Quoted(Over)} is the name of no option");
        if ((Over is null) != (Value is null)) throw new UserException($"{origin}: over and value belong together");
        return Named();
    }

    /// <summary>The same with names as tables show them: whoever wrote them, and without absolute paths.</summary>
    public ExperimentCell Named() => this with
    {
        Set = ForeignText.Name(ShortPath.Of(Set)),
        Distribution = ForeignText.Name(Distribution),
        Compat = ForeignText.Shown(Compat),
        Value = Value is null ? null : ForeignText.Shown(ShortPath.Of(Value)),
        Command = Command is null ? null : ForeignText.Shown(ShortPath.InCommand(Command)),
        Paths = Paths ?? Hash(),
    };

    private string? Hash()
    {
        string whole = $"{Set}\n{Value}\n{Command}", left = $"{ShortPath.Of(Set)}\n{ShortPath.Of(Value ?? "")}\n{ShortPath.InCommand(Command ?? "")}";
        return whole == left ? null : Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(whole)))[..8];
    }
}
