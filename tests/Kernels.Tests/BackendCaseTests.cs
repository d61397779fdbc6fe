namespace LoraCollab.Kernels.Tests;

/// <summary>
/// What every backend must do: agree with the reference on every tiny case, touch nothing beside its operands, and repeat itself bit for bit.
/// A backend's test class derives from this and says which backend.
/// </summary>
public abstract class BackendCaseTests : BackendContractTests
{
    public static TheoryData<string> TinyCases => [.. OpCases.Tiny.Select(c => c.Name)];

    [Theory, MemberData(nameof(TinyCases))]
    public void TinyCase_AgainstReference_Agrees(string name) => OpCases.Named(name).Check(Backend);
}
