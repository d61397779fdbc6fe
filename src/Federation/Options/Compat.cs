using System.Globalization;

namespace LoraCollab.Federation.Options;

/// <summary>
/// Which traps of the published code are reproduced: --compat sets them all, --trap N=paper|corrected one of them.
/// </summary>
/// <param name="IsPaperMode">True for --compat paper, which beyond the traps implies adapters on all targets.</param>
/// <param name="PaperTraps">One bit a trap, by its number: set where it is as in the published code.</param>
public readonly record struct Compat(bool IsPaperMode, uint PaperTraps)
{
    /// <summary>What was meant; the default.</summary>
    public static Compat Corrected => new(false, 0);

    /// <summary>What was run.</summary>
    public static Compat Paper => new(true, Enum.GetValues<Trap>().Aggregate(0u, (bits, trap) => bits | Bit(trap)));

    /// <summary>True where the trap is as in the published code.</summary>
    public bool IsPaper(Trap trap) => (PaperTraps & Bit(trap)) != 0;

    public Compat With(Trap trap, bool paper) => this with { PaperTraps = paper ? PaperTraps | Bit(trap) : PaperTraps & ~Bit(trap) };

    /// <summary>Reads --compat and every --trap.</summary>
    /// <param name="mode">corrected or paper.</param>
    /// <param name="traps">N=paper or N=corrected, in turn.</param>
    /// <exception cref="UserException">Another mode, or a number that is no switchable trap.</exception>
    public static Compat Parse(string mode, IEnumerable<string> traps)
    {
        var compat = mode switch
        {
            "corrected" => Corrected,
            "paper" => Paper,
            _ => throw new UserException($"--compat {mode}: expected corrected or paper"),
        };
        foreach (string text in traps)
        {
            if (text.Split('=') is not [var number, "paper" or "corrected"] || !int.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out int trap))
                throw new UserException($"--trap {text}: expected N=paper or N=corrected");
            if (!Enum.IsDefined((Trap)trap))
                throw new UserException($"--trap {text}: trap {trap} cannot be switched; choose one of {string.Join(", ", Enum.GetValues<Trap>().Select(t => (int)t))}");
            compat = compat.With((Trap)trap, text.EndsWith("=paper", StringComparison.Ordinal));
        }
        return compat;
    }

    /// <summary>The mode, then the traps that differ from it: "paper, trap 12=corrected".</summary>
    public override string ToString()
    {
        var (compat, whole) = (this, IsPaperMode ? Paper : Corrected);
        var differing = Enum.GetValues<Trap>().Where(t => compat.IsPaper(t) != whole.IsPaper(t));
        return (IsPaperMode ? "paper" : "corrected") + string.Concat(differing.Select(t => $", trap {(int)t}={(compat.IsPaper(t) ? "paper" : "corrected")}"));
    }

    /// <summary>Reads what <see cref="ToString"/> writes.</summary>
    public static Compat ParseName(string name)
    {
        string[] parts = name.Split(", trap ");
        return Parse(parts[0], parts[1..]);
    }

    private static uint Bit(Trap trap) => 1u << (int)trap;
}
