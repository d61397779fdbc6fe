using System.Globalization;

namespace LoraCollab.Federation.Exchange;

/// <summary>
/// What every upload must be before it counts: finite, and no farther from what its client last received than K times the round's median distance, and that
/// once more for every round in which the client was silent since, as it went on training. Of an even number of uploads the median is the lower of the two in
/// the middle, so that of two the smaller is the measure of both.
/// </summary>
/// <param name="norm">K.</param>
public sealed class UploadCheck(double norm)
{
    /// <summary>K where no other is given: above what an honest client reached in any run of docs/uploads.md.</summary>
    public const double DefaultNorm = 10;

    /// <summary>The check that options ask for; null: none.</summary>
    public static UploadCheck? Of(CollaborationOptions options) => options.UploadCheck == false ? null : new UploadCheck(options.UploadNorm ?? DefaultNorm);

    /// <param name="layout">The tensors of an adapter.</param>
    /// <param name="uploads">[M][parameters]: what is read from the uploads.</param>
    /// <param name="anchors">[M][parameters]: what their clients last received, or began with.</param>
    /// <param name="missed">[M]: rounds in which they were silent since.</param>
    public UploadVerdict Judge(FlatLayout layout, IReadOnlyList<float[]> uploads, IReadOnlyList<float[]> anchors, IReadOnlyList<int> missed)
    {
        string?[] faults = [.. uploads.Select(u => NotFinite(layout, u))];
        double[] norms = [.. uploads.Select((u, i) => faults[i] is null ? Math.Sqrt(ParameterSpace.SquaredDistance(u, anchors[i])) : double.NaN)];
        double[] finite = [.. norms.Where(double.IsFinite).Order()];
        double median = finite.Length == 0 ? 0 : finite[(finite.Length - 1) / 2];
        double largest = 0;
        for (int i = 0; i < norms.Length && median > 0; i++)
        {
            if (faults[i] is not null) continue;
            double times = norms[i] / median, each = times / (1 + missed[i]);
            if (each > norm) faults[i] = TooLong(norms[i], median, times, missed[i], finite.Length);
            else largest = Math.Max(largest, each);
        }
        return new UploadVerdict(faults, largest) { Unmeasured = median == 0 && finite.Length > 0 };
    }

    private static string? NotFinite(FlatLayout layout, float[] upload)
    {
        int at = Array.FindIndex(upload, x => !float.IsFinite(x));
        if (at < 0) return null;
        var tensor = layout.Entries.Last(e => e.Offset <= at);
        return string.Create(CultureInfo.InvariantCulture, $"it sent {upload[at]} in {tensor.Name}, and all its numbers must be finite");
    }

    private string TooLong(double length, double median, double times, int missed, int uploads)
    {
        double most = norm * (1 + missed);
        string measure = uploads == 2 ? "the smaller of the round's two, and of two nobody knows which is wrong" : "the round's median";
        return string.Create(CultureInfo.InvariantCulture,
            $"it sent a change of norm {length:G4}, {times:G4} times {measure} ({median:G4}); upload norm allows {most} times");
    }
}

/// <summary>What <see cref="UploadCheck"/> found in a round.</summary>
/// <param name="Faults">[M]: what is wrong with each upload; null: nothing.</param>
/// <param name="Largest">Of the good ones, the largest norm of a change over the median and the rounds it is of; 0 where there is no measure.</param>
public sealed record UploadVerdict(IReadOnlyList<string?> Faults, double Largest)
{
    /// <summary>True where the median change is zero, so that no norm can be measured by it.</summary>
    public bool Unmeasured { get; init; }
}
