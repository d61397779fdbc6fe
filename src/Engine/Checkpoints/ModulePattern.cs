using System.Text.RegularExpressions;

namespace LoraCollab.Engine.Checkpoints;

/// <summary>Which modules of a model a key of PEFT's means: names, each of a module or the end of its path, or one regular expression.</summary>
internal sealed class ModulePattern
{
    private const int LongestExpression = 4096;
    private readonly string[] _names;
    private readonly Regex? _expression;
    private readonly bool _cannotBeAsked;

    private ModulePattern(string[] names, Regex? expression = null, bool cannotBeAsked = false) =>
        (_names, _expression, _cannotBeAsked) = (names, expression, cannotBeAsked);

    /// <summary>Null where the key is absent.</summary>
    /// <exception cref="UserException">The value is no string and no list of strings, or no regular expression.</exception>
    public static ModulePattern? Read(HfJson json, string key)
    {
        var (one, several) = json.Texts(key);
        if (several is not null) return new ModulePattern(several);
        if (one is null) return null;
        if (one.Equals("all-linear", StringComparison.OrdinalIgnoreCase)) return new ModulePattern([.. Projections.All.Select(p => p.Path())]);
        var expression = Expression($"{json.Path}: {key}", one, before: "");
        return new ModulePattern([one], expression, cannotBeAsked: expression is null);
    }

    /// <summary>True where a module is meant; null where the expression cannot be asked.</summary>
    /// <param name="path">GPT-2's own: "h.3.attn.c_attn".</param>
    public bool? Means(string path)
    {
        string whole = "transformer." + path;
        if (_names.Any(name => whole == name || whole.EndsWith("." + name, StringComparison.Ordinal))) return true;
        return _cannotBeAsked ? null : _expression is not null && (_expression.IsMatch(whole) || _expression.IsMatch(path));
    }

    /// <summary>
    /// A regular expression over whole texts, as Python's re has it; null for one that needs more than linear time (it looks around, or refers
    /// back).
    /// </summary>
    /// <param name="origin">For messages.</param>
    /// <param name="pattern">The expression.</param>
    /// <param name="before">What may stand before it.</param>
    /// <exception cref="UserException">It is none, or very long.</exception>
    public static Regex? Expression(string origin, string pattern, string before)
    {
        if (pattern.Length > LongestExpression)
            throw new UserException($"{origin}: a regular expression of {pattern.Length} characters, expected at most {LongestExpression}");
        try
        {
            string named = pattern.Replace("(?P<", "(?<", StringComparison.Ordinal);
            return new Regex($@"\A{before}(?:{named})\z", RegexOptions.NonBacktracking | RegexOptions.CultureInvariant);
        }
        catch (NotSupportedException)
        {
            return null;
        }
        catch (ArgumentException e)
        {
            throw new UserException($"{origin}: {ForeignText.Quoted(pattern)} is no regular expression", e);
        }
    }
}
