namespace LoraCollab.Data.Errors;

/// <summary>
/// Something the user can put right: a file or a value. The message is one line that names it, says what was expected and found, and what to do.
/// The command line prints it and exits with code 2. Whatever a message quotes, it is made safe here: see <see cref="ForeignText.OneLine"/>.
/// </summary>
public class UserException : Exception
{
    public UserException(string message, Exception? cause = null) : base(ForeignText.OneLine(message), cause) { }
}
