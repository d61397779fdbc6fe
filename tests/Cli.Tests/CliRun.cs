namespace LoraCollab.Cli.Tests;

/// <summary>One run of the program in this process: its exit code and what it wrote.</summary>
internal sealed record CliRun(int ExitCode, string Out, string Error)
{
    public static CliRun Of(params string[] args)
    {
        using var output = new StringWriter();
        using var error = new StringWriter();
        int code = Program.Run(args, output, error);
        return new CliRun(code, output.ToString(), error.ToString());
    }

    /// <summary>
    /// Asserts what every mistake of the user gets: exit code 2, one to four lines on standard error that hold <paramref name="expected"/>, no stack trace.
    /// </summary>
    public static CliRun Refused(string[] expected, params string[] args)
    {
        var run = Of(args);
        run.AssertRefused(expected);
        return run;
    }

    public void AssertRefused(params string[] expected)
    {
        Assert.True(ExitCode == 2, $"expected exit code 2, found {ExitCode}; standard error: {Error}");
        AssertShort();
        foreach (string part in expected) Assert.Contains(part, Error, StringComparison.Ordinal);
    }

    /// <summary>At most four lines on standard error, and no stack trace.</summary>
    public void AssertShort()
    {
        string[] lines = Error.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.InRange(lines.Length, 1, 4);
        Assert.DoesNotContain("   at ", Error, StringComparison.Ordinal);
    }
}
