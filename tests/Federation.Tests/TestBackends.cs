namespace LoraCollab.Federation.Tests;

/// <summary>Backends for tests; a kind this machine has no device for skips the test.</summary>
internal static class TestBackends
{
    public static ComputeBackend Open(BackendKind kind, int threads = 1)
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
