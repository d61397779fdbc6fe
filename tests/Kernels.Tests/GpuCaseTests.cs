using LoraCollab.Kernels.Cases;

namespace LoraCollab.Kernels.Tests;

/// <summary>What a GPU's backend must do besides: the same on shapes of several tiles, chunks and groups. Without a device all tests are skipped and say why.</summary>
public abstract class GpuCaseTests : BackendCaseTests
{
    public static TheoryData<string> SpanningCases => [.. OpCases.All.Where(c => c.Size == CaseSize.Spanning).Select(c => c.Name)];

    [Theory, MemberData(nameof(SpanningCases))]
    public void SpanningCase_AgainstReference_Agrees(string name) => OpCases.Named(name).Check(Backend);

    protected static ComputeBackend OrSkip(Lazy<ComputeBackend> backend)
    {
        try
        {
            return backend.Value;
        }
        catch (PlatformNotSupportedException e)
        {
            Assert.Skip(e.Message);
            throw;
        }
    }
}
