namespace LoraCollab.Cli.Shell;

/// <summary>What a command sees of the world: where to write, and whether to stop.</summary>
internal sealed class CommandContext(Terminal terminal, TextWriter error, StopSignal stop)
{
    /// <summary>Standard output.</summary>
    public Terminal Terminal { get; } = terminal;

    public TextWriter Out => Terminal.Out;

    public TextWriter Error { get; } = error;

    /// <summary>
    /// A token that a signal cancels. Asking for it promises to stop soon after: a command that never asks is ended at once.
    /// </summary>
    /// <param name="advice">How to go on after the stop; null where nothing is kept.</param>
    public CancellationToken StopGracefully(string? advice = null) => stop.Claim(advice);
}
