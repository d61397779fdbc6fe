using System.Reflection;

namespace LoraCollab.Cli.Shell;

/// <summary>One command: its options as properties, typed and checked before <see cref="Run"/>, and what it does.</summary>
internal abstract class Command
{
    [Option("json", OptionGroup.Output, "Print the result as JSON, and nothing else, on standard output.")]
    public bool Json { get; init; }

    [Option("quiet", OptionGroup.Output, "Print the result only: no plan, no progress.")]
    public bool Quiet { get; init; }

    /// <summary>The options as they were given: what was not, has its default in the properties.</summary>
    public OptionValues Given { get; private set; } = new();

    /// <summary>Words that belong to no option, such as the OP of <c>explain OP</c>: at most as many as the verb's operands.</summary>
    public IReadOnlyList<string> Words { get; private set; } = [];

    protected bool Silent => Quiet || Json;

    /// <summary>The command of a type with what was given.</summary>
    /// <exception cref="OptionException">A value is not what its option takes.</exception>
    public static Command Of(Type type, OptionValues given, params IReadOnlyList<string> words)
    {
        var command = OptionTable.Read((Command)Activator.CreateInstance(type)!, given);
        (command.Given, command.Words) = (given, words);
        return command;
    }

    /// <inheritdoc cref="Of(Type, OptionValues, IReadOnlyList{string})"/>
    public static T Of<T>(OptionValues given) where T : Command => (T)Of(typeof(T), given);

    /// <summary>Runs the command and returns the exit code.</summary>
    public abstract int Run(CommandContext context);

    /// <summary>The text of an option that a command cannot do without.</summary>
    /// <exception cref="UsageException">It was not given; the message says what it is for.</exception>
    protected string Required(string option, string meaning) => Given[option] ?? throw new UsageException(
        $"{VerbAttribute.Of(GetType()).Name}: --{option} is required: {meaning}", $"loracollab {VerbAttribute.Of(GetType()).Name} --help lists the options");
}

/// <summary>The name of a command on the command line.</summary>
/// <param name="name">One word or two.</param>
/// <param name="help">What it does, in a sentence.</param>
[AttributeUsage(AttributeTargets.Class)]
internal sealed class VerbAttribute(string name, string help) : Attribute
{
    public string Name => name;

    public string Help => help;

    /// <summary>Words that it takes beside options, such as "I J"; "[OP]" may be left out.</summary>
    public string Operands { get; init; } = "";

    public int MostWords => Operands.Split(' ', StringSplitOptions.RemoveEmptyEntries).Length;

    public static VerbAttribute Of(Type command) => command.GetCustomAttribute<VerbAttribute>()!;
}

/// <summary>A command line to be copied.</summary>
/// <param name="about">What it is for.</param>
/// <param name="arguments">What follows the verb.</param>
[AttributeUsage(AttributeTargets.Class, AllowMultiple = true)]
internal sealed class ExampleAttribute(string about, string arguments = "") : Attribute
{
    public string About => about;

    public string Arguments => arguments;
}
