namespace LoraCollab.Data;

/// <summary>
/// Something the user can put right: a file, a value or a flag. The message is one line that names it, says what was expected and found, and what to do.
/// The command line prints it and exits with code 2.
/// </summary>
public class UserException : Exception
{
    public UserException(string message) : base(OneLine(message)) { }

    public UserException(string message, Exception cause) : base(OneLine(message), cause) { }

    private static string OneLine(string message) => message.ReplaceLineEndings(" ").Trim();
}
