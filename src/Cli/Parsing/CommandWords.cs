using System.Reflection;
using System.Reflection.Emit;
using CommandLine;
using Declared = LoraCollab.Data.Options.OptionDeclaration;
using ParserOption = CommandLine.OptionAttribute;

namespace LoraCollab.Cli.Parsing;

/// <summary>
/// From words to options by name. The parser library takes attributes on types only, so that a type with a property for each declared option is emitted for
/// the command that is read.
/// </summary>
internal static class CommandWords
{
    private const string WordsProperty = "Words";

    /// <param name="verb">Of the command, for errors.</param>
    /// <param name="command">Whose options are read.</param>
    /// <param name="arguments">What follows the verb.</param>
    /// <exception cref="UsageException">It cannot be read; the message names the option and what it needs.</exception>
    public static (OptionValues Given, string[] Words) Read(string verb, Type command, string[] arguments)
    {
        var options = OptionTable.Of(command);
        Check(verb, options, arguments);
        string[] names = [.. options.SelectMany(o => o.Also.Prepend(o.Name))];
        using var parser = new Parser(settings => (settings.HelpWriter, settings.AutoHelp, settings.AutoVersion) = (null, false, false));
        var result = parser.ParseArguments(["it", .. arguments], Emitted(options));
        if (result is NotParsed<object> failed) throw Refuse(verb, ParserErrors.Describe(failed.Errors.First()));
        object read = ((Parsed<object>)result).Value;
        var given = new OptionValues();
        foreach (var option in options)
            foreach (string name in option.Also.Prepend(option.Name))
            {
                string[]? texts = read.GetType().GetProperty(name)!.GetValue(read) switch
                {
                    true => [],
                    string text => [text],
                    IEnumerable<string> list when list.Any() => [.. list],
                    _ => null,
                };
                if (texts is null) continue;
                if (given.Has(option.Name)) throw Refuse(verb, $"--{option.Name} is given more than once, once as --{name}");
                given.Set(option.Name, [.. texts.Select(text => Paths.Change(option, text, path => HomePath.Expand(path, "--" + option.Name)))]);
            }
        string[] words = [.. (IEnumerable<string>)read.GetType().GetProperty(WordsProperty)!.GetValue(read)! ?? []];
        return words.Skip(Shell.VerbAttribute.Of(command).MostWords).FirstOrDefault() is not { } stray ? (given, words)
            : throw Refuse(verb, $"'{stray}' belongs to no option");
    }

    /// <summary>What was given as a command line: " --data news --seed 3", names in the order of the alphabet.</summary>
    public static string Of(OptionValues given) =>
        string.Concat(given.Names.Select(name => $" --{name}" + string.Concat(given.All(name).Select(v => " " + Quoted(v)))));

    private static string Quoted(string text) =>
        text.All(c => char.IsAsciiLetterOrDigit(c) || "-_=./:,+".Contains(c)) ? text : $"'{text.Replace("'", "'\\''", StringComparison.Ordinal)}'";

    /// <summary>
    /// Reads a command line once before the parser library does, for what the library lets pass: an option without its value at the end of the line
    /// or before another option, a lone "--", an empty value, a value given to a flag.
    /// </summary>
    private static void Check(string verb, IReadOnlyList<Declared> options, string[] arguments)
    {
        for (int i = 0; i < arguments.Length; i++)
        {
            string argument = arguments[i];
            if (!argument.StartsWith("--", StringComparison.Ordinal)) continue;
            int equals = argument.IndexOf('=');
            string name = equals < 0 ? argument : argument[..equals];
            if (options.FirstOrDefault(o => name == "--" + o.Name || o.Also.Any(a => name == "--" + a)) is not { } option)
                throw Refuse(verb, $"unknown option {name}{(Synonyms.Guess(name, options) is { } guess ? $"; did you mean {guess}?" : "")}");
            if (option.IsFlag && equals >= 0) throw Refuse(verb, $"{name} takes no value, found '{argument[(equals + 1)..]}'");
            if (option.IsFlag) continue;
            string? value = equals >= 0 ? argument[(equals + 1)..] : i + 1 < arguments.Length ? arguments[i + 1] : null;
            if (value is null || (equals < 0 && value.StartsWith("--", StringComparison.Ordinal))) throw Refuse(verb, $"{name} needs a value");
            if (value.Length == 0) throw Refuse(verb, $"{name} has an empty value");
        }
    }

    private static UsageException Refuse(string verb, string problem) => new($"{verb}: {problem}", $"loracollab {verb} --help lists the options");

    /// <summary>A verb called "it" with a property for every option and every older name of one, called as the option is.</summary>
    private static Type Emitted(IReadOnlyList<Declared> options)
    {
        var type = AssemblyBuilder.DefineDynamicAssembly(new AssemblyName("Options"), AssemblyBuilderAccess.Run).DefineDynamicModule("Options")
            .DefineType("Options", TypeAttributes.Public);
        type.SetCustomAttribute(Attribute(typeof(global::CommandLine.VerbAttribute), "it", false, Array.Empty<string>()));
        foreach (var option in options)
            foreach (string name in option.Also.Prepend(option.Name))
                Property(type, name, option.IsFlag ? typeof(bool) : option.IsList ? typeof(IEnumerable<string>) : typeof(string))
                    .SetCustomAttribute(Attribute(typeof(ParserOption), name));
        Property(type, WordsProperty, typeof(IEnumerable<string>)).SetCustomAttribute(Attribute(typeof(ValueAttribute), 0));
        return type.CreateType();
    }

    private static CustomAttributeBuilder Attribute(Type attribute, params object[] arguments) =>
        new(attribute.GetConstructor([.. arguments.Select(a => a.GetType())])!, arguments);

    private static PropertyBuilder Property(TypeBuilder type, string name, Type of)
    {
        const MethodAttributes accessor = MethodAttributes.Public | MethodAttributes.SpecialName | MethodAttributes.HideBySig;
        var field = type.DefineField("_" + name, of, FieldAttributes.Private);
        var property = type.DefineProperty(name, PropertyAttributes.None, of, null);
        var get = type.DefineMethod("get_" + name, accessor, of, Type.EmptyTypes);
        var code = get.GetILGenerator();
        code.Emit(OpCodes.Ldarg_0);
        code.Emit(OpCodes.Ldfld, field);
        code.Emit(OpCodes.Ret);
        var set = type.DefineMethod("set_" + name, accessor, null, [of]);
        code = set.GetILGenerator();
        code.Emit(OpCodes.Ldarg_0);
        code.Emit(OpCodes.Ldarg_1);
        code.Emit(OpCodes.Stfld, field);
        code.Emit(OpCodes.Ret);
        property.SetGetMethod(get);
        property.SetSetMethod(set);
        return property;
    }
}
