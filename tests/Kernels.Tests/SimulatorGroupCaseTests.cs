namespace LoraCollab.Kernels.Tests;

/// <summary>
/// The threads of a group add up through shared memory, and work on tiles there: on the simulator with groups of 4, 16 and 256 threads. Threads that really
/// wait for one another cost it up to a second a case (minutes on a busy machine), hence a few of the smallest shapes. scripts/opencl-tests.sh and a GPU run
/// all cases so.
/// </summary>
public sealed class SimulatorGroupCaseTests
{
    private static readonly Lazy<ComputeBackend>
        Four = new(() => Devices.OpenSimulator(groupSize: 4)),
        Sixteen = new(() => Devices.OpenSimulator(groupSize: 16));

    [Theory]
    [InlineData("layernorm 5x7 trainable")]
    [InlineData("classifier 5x7x3 Packed")]
    [InlineData("classifier top 3 5x7x3 PackedTransposed")]
    [InlineData("attention B1 T2 NH1 HS7 dropout 0.3")]
    [InlineData("embedding B2 T5 C7 V3 Packed")]
    [InlineData("elementwise 17")]
    public void TinyCase_InGroupsOfFour_AgreesWithReference(string name) => OpCases.Named(name).Check(Four.Value);

    [Theory]
    [InlineData("matmul 5x17x33 Packed bias")]
    [InlineData("lora 5x33x48 rank 3 dropout 0.1")]
    [InlineData("attention B1 T17 NH2 HS17")]
    [InlineData("attention cached 16+17 of 40 NH2 HS8")]
    public void TinyCase_InTilesOf16_AgreesWithReference(string name) => OpCases.Named(name).Check(Sixteen.Value);

    [Fact]
    public void MatMul_InTilesOf64_HasTheBitsOfOneThreadATile()
    {
        using var simple = Devices.OpenSimulator();
        using var tiled = Devices.OpenSimulator(groupSize: 256);
        var c = OpCases.Named("matmul 5x17x33 Packed bias");
        var expected = c.Run(simple);
        foreach (var (operand, values) in c.Run(tiled)) Closeness.RequireSameBits(operand, expected[operand], values);
    }
}
