namespace LoraCollab.Data.Options;

// Options that several records have: declared once here, so that they mean the same everywhere.

public sealed class SeedOptionAttribute() : OptionAttribute("seed", OptionGroup.Training, "Seed of everything random; the same seed gives the same bits.")
{
}

public sealed class OutOptionAttribute : OptionAttribute
{
    public OutOptionAttribute() : base("out", OptionGroup.Output, "Where to write: a folder; for dump and trust a file.") => (Value, Common) = ("PATH", true);
}

public sealed class TemperatureOptionAttribute : OptionAttribute
{
    public TemperatureOptionAttribute(OptionGroup group)
        : base("temperature", group, "Scores of trust, or logits of generate, are divided by it before their softmax: low is decisive, high is even.") =>
        (Value, Least) = ("X", 0);
}
