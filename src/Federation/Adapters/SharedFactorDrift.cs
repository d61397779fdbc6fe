namespace LoraCollab.Federation.Adapters;

/// <summary>
/// ‖A_i − A_0‖ / ‖A_0‖ over all targets: how far a client's A has moved from where it began. Alignment of the clients' B fades as it grows.
/// </summary>
public static class SharedFactorDrift
{
    public static double Of(AdapterShape shape, ReadOnlySpan<float> adapter, ReadOnlySpan<float> initial)
    {
        double moved = 0, norm = 0;
        foreach (var target in shape.Targets)
            for (int e = target.AOffset; e < target.AOffset + target.Rank * target.IC; e++)
            {
                double difference = (double)adapter[e] - initial[e];
                moved += difference * difference;
                norm += (double)initial[e] * initial[e];
            }
        return norm == 0 ? 0 : Math.Sqrt(moved / norm);
    }
}
