using System.Globalization;

namespace LoraCollab.Report.Profiles;

/// <summary>A place in the model, "h.3.attn.c_attn", in the order in which a forward pass comes to it; what is no place of the model comes last.</summary>
internal readonly record struct ModelPlace(int Part, int PageBlock, int Within) : IComparable<ModelPlace>
{
    private static readonly string[] s_parts = ["embed", "h", "ln_f", "lm_head"],
        s_within = ["ln_1", "attn.c_attn", "attn", "attn.c_proj", "ln_2", "mlp.c_fc", "mlp", "mlp.c_proj"];

    public static ModelPlace Of(string? scope)
    {
        if (BlockOf(scope) is not { } block) return new ModelPlace(Rank(s_parts, scope ?? ""), 0, 0);
        int number = int.Parse(block.AsSpan(2), CultureInfo.InvariantCulture);
        return new ModelPlace(Rank(s_parts, "h"), number, Rank(s_within, scope![(block.Length + 1)..]));
    }

    /// <summary>"h.3"; null outside the blocks.</summary>
    public static string? BlockOf(string? scope) =>
        scope?.Split('.', 3) is ["h", var number, _] && int.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out _) ? $"h.{number}" : null;

    public int CompareTo(ModelPlace other) => (Part, PageBlock, Within).CompareTo((other.Part, other.PageBlock, other.Within));

    private static int Rank(string[] names, string name) => Array.IndexOf(names, name) is >= 0 and var found ? found : names.Length;
}
