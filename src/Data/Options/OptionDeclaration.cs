using System.Collections.Immutable;
using System.Globalization;
using System.Reflection;

namespace LoraCollab.Data.Options;

/// <summary>An option as it is declared: what can be given, and where it goes.</summary>
public sealed class OptionDeclaration
{
    private readonly OptionAttribute _declared;
    private readonly ImmutableArray<PropertyInfo> _path;
    private string? _default;

    internal OptionDeclaration(OptionAttribute declared, ImmutableArray<PropertyInfo> path) => (_declared, _path) = (declared, path);

    /// <summary>The same under a property that says what holds where it is not given.</summary>
    internal OptionDeclaration Under(OptionsAttribute nested) => new(_declared, _path) { _default = nested.Default ?? _default };

    public string Name => _declared.Name;

    public OptionGroup Group => _declared.Group;

    /// <inheritdoc cref="OptionAttribute.Also"/>
    public IReadOnlyList<string> Also => _declared.Also;

    /// <inheritdoc cref="OptionAttribute.Common"/>
    public bool IsCommon => _declared.Common;

    /// <summary>Given without a value.</summary>
    public bool IsFlag => Type == typeof(bool);

    /// <summary>Given with several values, a word each.</summary>
    public bool IsList => Type == typeof(string[]);

    /// <summary>Whether its value is or contains a path.</summary>
    public bool IsPath => Value is "DIR" or "FILE" or "PATH";

    /// <summary>The words that it takes; empty where any text or number will do.</summary>
    public IReadOnlyList<string> Words => [.. _declared.Choices.Length > 0 ? _declared.Choices.Select(c => c.Split(':')[0])
        : Bare.IsEnum ? Enum.GetNames(Bare).Select(n => n.ToLowerInvariant()) : []];

    /// <summary>What stands for the value in help; empty for a flag.</summary>
    public string Value => IsFlag ? "" : _declared.Value ?? (Words.Count > 0 ? "NAME" : IsWhole ? "N" : IsNumber ? "X" : "TEXT");

    /// <summary>What it is: the same wherever there is an option of this name.</summary>
    public string About => _declared.Help
        + (Words.All(w => _declared.Help.Contains(w, StringComparison.Ordinal)) ? "" : $" One of {string.Join(", ", Words)}.");

    /// <summary>What holds where nothing is given; null where nothing does.</summary>
    /// <param name="record">Which has the defaults.</param>
    public string? Default(object record) => (_default ?? _declared.Default ?? (IsFlag ? null : Text(Get(record)))) is { Length: > 0 } text ? text : null;

    public object? Get(object record)
    {
        object? value = record;
        foreach (var property in _path) value = property.GetValue(value);
        return value;
    }

    /// <summary>A value as it would be given; null for null.</summary>
    public string? Text(object? value) => value switch
    {
        null => null,
        _ when _declared.Choices.FirstOrDefault(c => c.EndsWith(":" + value, StringComparison.Ordinal)) is { } choice => choice.Split(':')[0],
        Enum or bool => value.ToString()!.ToLowerInvariant(),
        IEnumerable<string> list => string.Join(IsList ? ' ' : ',', list),
        IReadOnlyList<int> list => string.Join(',', list),
        IReadOnlyList<double> list => string.Join(',', list.Select(x => x.ToString(CultureInfo.InvariantCulture))),
        IFormattable number => number.ToString(null, CultureInfo.InvariantCulture),
        _ => value.ToString(),
    };

    /// <summary>The value of a text.</summary>
    /// <exception cref="OptionException">It is not what the option takes.</exception>
    public object Parse(IReadOnlyList<string> texts)
    {
        if (IsFlag) return texts.Count == 0 || texts[0] == "true";
        if (IsList) return texts.ToArray();
        object value = Parse(texts[0]);
        return Fault(value) is { } fault ? throw Refuse(texts[0], fault) : value;
    }

    /// <exception cref="OptionException">A record has a value that is out of range.</exception>
    public void Check(object record)
    {
        if (Get(record) is { } value && Fault(value) is { } fault) throw new OptionException(Name, Text(value), fault);
    }

    private Type Type => _path[^1].PropertyType;

    /// <summary>Of int? int.</summary>
    private Type Bare => Nullable.GetUnderlyingType(Type) ?? Type;

    /// <summary>Of a list of numbers with commas between them the number, else the type itself.</summary>
    private Type Number => Bare == typeof(IReadOnlyList<int>) ? typeof(int) : Bare == typeof(IReadOnlyList<double>) ? typeof(double) : Bare;

    private bool IsWhole => Number == typeof(int) || Number == typeof(long) || Number == typeof(ulong);

    private bool IsNumber => IsWhole || Number == typeof(double) || Number == typeof(float);

    private object Parse(string text)
    {
        if (Words.Count > 0 && Bare != typeof(string[]) && !(Bare.IsAssignableFrom(typeof(string[])))) return Word(text);
        if (_declared.Reader is not null) return OfItsOwn(text);
        if (Bare == typeof(string)) return text;
        if (Bare == typeof(IReadOnlyList<int>)) return text.Split(',').Select(t => (int)Parsed(t)).ToArray();
        if (Bare == typeof(IReadOnlyList<double>)) return text.Split(',').Select(t => (double)Parsed(t)).ToArray();
        return IsNumber ? Parsed(text) : Bare.IsAssignableFrom(typeof(string[])) ? Names(text) : OfItsOwn(text);
    }

    private object Parsed(string text)
    {
        if (Number == typeof(ulong))
            return ulong.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out ulong seed) ? seed
                : throw Refuse(text, $"expected a whole number from 0 to {ulong.MaxValue}");
        if (IsWhole)
            return !long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out long whole)
                ? throw Refuse(text, "expected a whole number such as 128, without separators")
                : Number == typeof(long) ? whole
                : whole is >= int.MinValue and <= int.MaxValue ? (object)(int)whole : throw Refuse(text, $"expected a whole number {Range}");
        const NumberStyles style = NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint | NumberStyles.AllowExponent;
        if (!double.TryParse(text, style, CultureInfo.InvariantCulture, out double number) || !double.IsFinite(number))
            throw Refuse(text, "expected a finite number such as 0.5 or 2e-3, with a decimal point and no separators");
        return Number == typeof(float) ? (object)(float)number : number;
    }

    private object Word(string text)
    {
        int k = Words.ToList().IndexOf(text);
        if (k < 0) throw OptionException.Unknown(Name, text, Words);
        if (Bare == typeof(string)) return text;
        string member = _declared.Choices.Length > 0 && _declared.Choices[k].Split(':') is [_, var named] ? named : text;
        return Bare == typeof(bool) ? bool.Parse(member) : Enum.Parse(Bare, member, ignoreCase: true);
    }

    /// <summary>a,b,c.</summary>
    private string[] Names(string text)
    {
        string[] words = text.Split(',');
        if (!words.All(w => w.Length > 0 && w == w.Trim())) throw Refuse(text, "expected names with commas between them and no blanks, such as a,b,c");
        return words.FirstOrDefault(w => Words.Count > 0 && !Words.Contains(w)) is { } unknown ? throw OptionException.Unknown(Name, unknown, Words) : words;
    }

    /// <summary>By the method `static T Parse(string option, string text)` of a type that is no number and no word.</summary>
    private object OfItsOwn(string text)
    {
        var parse = (_declared.Reader ?? Bare).GetMethod("Parse", BindingFlags.Public | BindingFlags.Static, [typeof(string), typeof(string)])
            ?? throw new InvalidOperationException($"option {Name}: {Bare} has no method Parse(option, text)");
        return parse.Invoke(null, BindingFlags.DoNotWrapExceptions, null, [Name, text], CultureInfo.InvariantCulture)!;
    }

    private OptionException Refuse(string text, string problem) => new(Name, $"'{text}'", problem);

    /// <summary>What a value should have been; null where it is in range.</summary>
    private string? Fault(object value)
    {
        if (value is IReadOnlyList<int> or IReadOnlyList<double>)
            return ((System.Collections.IEnumerable)value).Cast<object>().Select(Fault).FirstOrDefault(f => f is not null);
        if (!IsNumber || Bare == typeof(ulong)) return null;
        double number = Convert.ToDouble(value, CultureInfo.InvariantCulture);
        bool low = _declared.AboveLeast ? !(number > _declared.Least) : !(number >= _declared.Least);
        bool high = _declared.BelowMost ? !(number < _declared.Most) : !(number <= _declared.Most);
        return low || high || !double.IsFinite(number) ? $"expected a {(IsWhole ? "whole " : "")}number {Range}" : null;
    }

    /// <summary>"of at least 1", "from 0 to below 1".</summary>
    private string Range
    {
        get
        {
            var (least, most) = (_declared.Least, _declared.Most);
            static string Text(double x) => x.ToString("R", CultureInfo.InvariantCulture);
            if (double.IsInfinity(least) && double.IsInfinity(most)) return "that is finite";
            if (double.IsInfinity(most)) return (_declared.AboveLeast ? "above " : "of at least ") + Text(least);
            if (double.IsInfinity(least)) return "of at most " + Text(most);
            string upper = (_declared.BelowMost ? "below " : _declared.AboveLeast ? "at most " : "") + Text(most);
            return _declared.AboveLeast ? $"above {Text(least)} and {upper}" : $"from {Text(least)} to {upper}";
        }
    }
}
