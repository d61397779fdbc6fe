using System.Globalization;

namespace LoraCollab.Federation.Options;

/// <summary>
/// Which traps of the published code are reproduced: a mode sets them all, N=paper or N=corrected one of them.
/// </summary>
/// <param name="IsPaperMode">True for paper, which beyond the traps implies adapters on all targets.</param>
/// <param name="PaperTraps">One bit a trap, by its number: set where it is as in the published code.</param>
public readonly record struct Compat(bool IsPaperMode, uint PaperTraps)
{
    /// <summary>Numbers of docs/paper.md of traps in which both modes do the same.</summary>
    private static readonly int[] s_same = [3, 15, 16];

    /// <summary>What was meant; the default.</summary>
    public static Compat Corrected => new(false, 0);

    /// <summary>What was run.</summary>
    public static Compat Paper => new(true, Enum.GetValues<Trap>().Aggregate(0u, (bits, trap) => bits | Bit(trap)));

    /// <summary>True where the trap is as in the published code.</summary>
    public bool IsPaper(Trap trap) => (PaperTraps & Bit(trap)) != 0;

    /// <summary>With one trap switched: N=paper or N=corrected.</summary>
    /// <exception cref="OptionException">Something else, or a number that is no switchable trap.</exception>
    public Compat With(string text)
    {
        if (text.Split('=') is not [var number, "paper" or "corrected"] || !int.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out int trap))
            throw new OptionException("trap", text, "expected N=paper or N=corrected");
        if (!Enum.IsDefined((Trap)trap))
            throw new OptionException("trap", text, (s_same.Contains(trap) ? $"trap {trap} is the same in both modes" : $"trap {trap} cannot be switched")
                + $"; choose one of {string.Join(", ", Enum.GetValues<Trap>().Select(t => (int)t))}");
        return With((Trap)trap, text.EndsWith("=paper", StringComparison.Ordinal));
    }

    public Compat With(Trap trap, bool paper) => this with { PaperTraps = paper ? PaperTraps | Bit(trap) : PaperTraps & ~Bit(trap) };

    /// <exception cref="OptionException">Neither corrected nor paper.</exception>
    public static Compat Parse(string option, string text) => text switch
    {
        "corrected" => Corrected,
        "paper" => Paper,
        _ => throw new OptionException(option, text, "expected corrected or paper"),
    };

    /// <summary>The mode, then the traps that differ from it: "paper, trap 12=corrected".</summary>
    public override string ToString()
    {
        var (compat, whole) = (this, IsPaperMode ? Paper : Corrected);
        var differing = Enum.GetValues<Trap>().Where(t => compat.IsPaper(t) != whole.IsPaper(t));
        return (IsPaperMode ? "paper" : "corrected") + string.Concat(differing.Select(t => $", trap {(int)t}={(compat.IsPaper(t) ? "paper" : "corrected")}"));
    }

    /// <summary>Reads what <see cref="ToString"/> writes, or wrote: traps that are the same in both modes could once be switched.</summary>
    public static Compat ParseName(string name)
    {
        string[] parts = name.Split(", trap ");
        return parts[1..].Where(part => !s_same.Any(n => part.StartsWith($"{n}=", StringComparison.Ordinal)))
            .Aggregate(Parse("compat", parts[0]), (compat, part) => compat.With(part));
    }

    private static uint Bit(Trap trap) => 1u << (int)trap;
}
