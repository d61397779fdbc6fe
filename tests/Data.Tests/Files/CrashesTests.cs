namespace LoraCollab.Data.Tests;

/// <summary>The enumeration of deaths that other tests rest on.</summary>
public sealed class CrashesTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void Deaths_OfTwoAppends_LeaveEveryPrefixAndHalf()
    {
        var left = new List<string>();
        string file = folder.At("log");
        int deaths = Crashes.AtEveryStep(() =>
        {
            Disk.Append(file, "ab"u8);
            Disk.Append(file, "cd"u8);
        }, _ =>
        {
            left.Add(File.Exists(file) ? File.ReadAllText(file) : "-");
            File.Delete(file);
        });
        Assert.Equal(4, deaths);
        Assert.Equal(["-", "a", "ab", "abc"], left);
    }

    [Fact]
    public void Death_WhatIsDoneAfterIt_DoesNotReachTheDisk()
    {
        string file = folder.At("log"), second = folder.At("second");
        Crashes.AtEveryStep(() =>
        {
            try
            {
                Disk.Append(file, "ab"u8);
            }
            finally
            {
                Disk.Append(second, "b"u8);
            }
        }, place =>
        {
            if (place.StartsWith("step 0", StringComparison.Ordinal)) Assert.False(File.Exists(second), place);
        });
    }
}
