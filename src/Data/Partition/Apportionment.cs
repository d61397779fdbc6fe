namespace LoraCollab.Data.Partition;

internal static class Apportionment
{
    /// <summary>Splits a whole number in the given proportions: the fractions left over go to the largest of them, of equal ones to the first.</summary>
    public static int[] Of(int total, double[] proportions)
    {
        double sum = proportions.Sum();
        double[] exact = [.. proportions.Select(p => total * p / sum)];
        int[] parts = [.. exact.Select(e => (int)Math.Floor(e))];
        foreach (int p in Enumerable.Range(0, parts.Length).OrderByDescending(p => exact[p] - parts[p]).Take(total - parts.Sum())) parts[p]++;
        return parts;
    }
}
