namespace LoraCollab.Kernels.Cases;

/// <summary>Numbers for cases, counter-based and made of exact operations: the same on every machine, whatever else is drawn.</summary>
public static class CaseValues
{
    /// <summary>
    /// Values of mean <paramref name="center"/> and standard deviation <paramref name="scale"/>: sums of four uniform numbers, so within 3.5 deviations.
    /// </summary>
    public static float[] Normal(string stream, int length, double scale = 1, double center = 0)
    {
        uint key = Hash(stream);
        var values = new float[length];
        for (int i = 0; i < length; i++)
        {
            var (a, b, c, d) = Philox.Words((uint)i, 0, 0, 0, key, 1);
            double sum = ((double)a + b + c + d) / 4294967296.0; // mean 2, variance 4/12
            values[i] = (float)(center + scale * Math.Sqrt(3) * (sum - 2));
        }
        return values;
    }

    /// <summary>Ids in [0, <paramref name="vocabulary"/>).</summary>
    public static int[] Ids(string stream, int length, int vocabulary)
    {
        uint key = Hash(stream);
        var ids = new int[length];
        for (int i = 0; i < length; i++)
            ids[i] = (int)(Philox.Words((uint)i, 0, 0, 0, key, 2).X0 % (uint)vocabulary);
        return ids;
    }

    /// <summary>FNV-1a: a hash of the text that is the same in every process.</summary>
    private static uint Hash(string text)
    {
        uint hash = 2166136261;
        foreach (char letter in text) hash = (hash ^ letter) * 16777619;
        return hash;
    }
}
