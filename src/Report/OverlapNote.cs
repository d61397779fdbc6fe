namespace LoraCollab.Report;

/// <summary>The mark on a table whose text the model may have seen in pretraining, and the note below it.</summary>
public static class OverlapNote
{
    /// <summary>Behind the name of such a text; nothing where no text was compared or none was seen.</summary>
    public static string Mark(PretrainingOverlap? overlap) => overlap is { Most: > 0 } ? " †" : "";

    /// <summary>One line.</summary>
    public static string Of(PretrainingOverlap overlap) => overlap.Most == 0
        ? $"No client's document has {overlap.Words} words in a row in common with the pretraining text {overlap.Text}."
        : $"† Seen in pretraining: {Percent(overlap.Clients.Average(c => c.Documents))} of a client's documents (at most {Percent(overlap.Most)}) have {overlap.Words} words in a row "
            + $"in common with {overlap.Text}, and {Percent(overlap.Clients.Average(c => c.Grams))} of such runs.";

    private static string Percent(double share) => Format.Fixed(100 * share, 1) + " %";
}
