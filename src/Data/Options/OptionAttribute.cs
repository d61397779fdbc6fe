namespace LoraCollab.Data.Options;

/// <summary>What an option is about: the headings of a help page, in this order.</summary>
public enum OptionGroup
{
    Data,
    Training,
    Adapter,
    Trust,
    Upload,
    Output,
    Machine,
}

/// <summary>
/// The one declaration of an option, on the property that it fills: the property's type is its type, and what a new record has is its default. Command line,
/// help, range check, presets, sweeps and completion read it.
/// </summary>
/// <param name="name">Lower case with hyphens, such as sequence-length.</param>
/// <param name="help">What it is, without its default: a sentence or two.</param>
[AttributeUsage(AttributeTargets.Property)]
public class OptionAttribute(string name, OptionGroup group, string help) : Attribute
{
    public string Name => name;

    public OptionGroup Group => group;

    public string Help => help;

    /// <summary>What stands for the value in help: N, DIR, X; null: by its type.</summary>
    public string? Value { get; set; }

    /// <summary>What holds where nothing is given, in words, where the property cannot say it.</summary>
    public string? Default { get; set; }

    /// <summary>The least number it may be.</summary>
    public double Least { get; set; } = double.NegativeInfinity;

    /// <summary>The largest.</summary>
    public double Most { get; set; } = double.PositiveInfinity;

    /// <summary>Whether a number must be above <see cref="Least"/>, and may not be it.</summary>
    public bool AboveLeast { get; set; }

    /// <summary>Whether a number must be below <see cref="Most"/>.</summary>
    public bool BelowMost { get; set; }

    /// <summary>Words that it takes; of an enumeration or bool "word:Member" where they are not its names in lower case.</summary>
    public string[] Choices { get; set; } = [];

    /// <summary>Older names, which are read and not shown.</summary>
    public string[] Also { get; set; } = [];

    /// <summary>Has a static method Parse(option, text) for the value; null: the property's own type has, or none is needed.</summary>
    public Type? Reader { get; set; }

    /// <summary>Whether it is among the few that most people need.</summary>
    public bool Common { get; set; }
}

/// <summary>Marks a property whose record holds options of its own.</summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class OptionsAttribute : Attribute
{
    /// <summary>Only those of these groups; empty: all.</summary>
    public OptionGroup[] Only { get; set; } = [];

    /// <summary>What holds where nothing is given, in words, in place of each option's own default; null: that.</summary>
    public string? Default { get; set; }
}
