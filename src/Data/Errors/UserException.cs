namespace LoraCollab.Data.Errors;

/// <summary>
/// Something the user can put right: a file, a value or an option. The message is one line that names it, says what was expected and found, and what to do.
/// The command line prints it and exits with code 2. Whatever a message quotes, it is made safe here: see <see cref="ForeignText.OneLine"/>.
/// </summary>
public class UserException : Exception
{
    public UserException(string message, Exception? cause = null) : base(ForeignText.OneLine(message), cause) { }

    /// <summary>In which other way the command would work; null: the message says what to do.</summary>
    public Remedy? Remedy { get; init; }

    /// <summary>The message without the remedy, which a command line spells in its own way.</summary>
    public string Problem => base.Message;

    public override string Message => Remedy switch
    {
        null => Problem,
        Errors.Remedy.BeginAnew => Problem + "; begin the run anew",
        Errors.Remedy.PutBackOrBeginAnew => Problem + "; put the file back, or begin the run anew",
        Errors.Remedy.Resume => Problem + "; resume it with the command that made it",
        Errors.Remedy.ResumeOrBeginAnew => Problem + "; resume it, or begin it anew",
        _ => Problem + "; choose another folder, or have it replaced",
    };
}

/// <summary>How a command is to be run again where a run's folder keeps it from working.</summary>
public enum Remedy
{
    BeginAnew,
    PutBackOrBeginAnew,
    Resume,
    ResumeOrBeginAnew,
    ReplaceOrElsewhere,
}
