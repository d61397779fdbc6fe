namespace LoraCollab.Engine.Tests;

/// <summary>The backends every test of arithmetic runs on.</summary>
internal static class TestBackends
{
    /// <summary>The backend, or a skip with the reason where this machine has none.</summary>
    public static ComputeBackend Create(BackendKind kind, int threads = 2)
    {
        try
        {
            return Backends.Create(kind, threads);
        }
        catch (PlatformNotSupportedException e)
        {
            Assert.Skip(e.Message);
            throw;
        }
    }
}
