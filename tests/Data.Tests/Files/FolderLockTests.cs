using LoraCollab.Testing;

namespace LoraCollab.Data.Tests;

public class FolderLockTests
{
    [Fact]
    public void Take_HeldFolder_IsRefusedUntilLetGo()
    {
        using var folder = new TemporaryFolder();
        using (FolderLock.Take(folder.Path))
            Assert.Contains("another process", Assert.Throws<UserException>(() => FolderLock.Take(folder.Path)).Message);
        FolderLock.Take(folder.Path).Dispose();
        Assert.Empty(Directory.EnumerateFileSystemEntries(folder.Path));
    }

    [Fact]
    public void Take_LockFileOfAKilledProcess_IsTaken()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(Path.Combine(folder.Path, FolderLock.FileName), "left over");
        FolderLock.Take(folder.Path).Dispose();
        Assert.Empty(Directory.EnumerateFileSystemEntries(folder.Path));
    }

    /// <summary>Many take and let go at once; never do two hold the folder.</summary>
    [Fact]
    public void Take_FromManyThreads_OneHolderAtATime()
    {
        using var folder = new TemporaryFolder();
        int holders = 0, most = 0, taken = 0;
        Parallel.For(0, 8, _ =>
        {
            for (int i = 0; i < 300; i++)
            {
                try
                {
                    using var held = FolderLock.Take(folder.Path);
                    int now = Interlocked.Increment(ref holders);
                    if (now > most) most = now;
                    Interlocked.Increment(ref taken);
                    Thread.SpinWait(50);
                    Interlocked.Decrement(ref holders);
                }
                catch (UserException)
                {
                    // held by another
                }
            }
        });
        Assert.Equal(1, most);
        Assert.True(taken > 8);
    }
}
