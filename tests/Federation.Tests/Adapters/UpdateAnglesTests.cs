namespace LoraCollab.Federation.Tests;

public sealed class UpdateAnglesTests
{
    [Fact]
    public void Angles_OfUpdatesMadeByHand_AreThoseOfTheirProducts()
    {
        // Two targets of rank 1, A [1, 2] then B [2, 1] each: ΔW = B·A.
        var shape = new AdapterShape([new("base_model.model.transformer.h.0.attn.c_attn", 2, 2, 1, 0, 4), new("h.1.attn.c_attn", 2, 2, 1, 2, 6)], 3);
        float[][] adapters =
        [
            [1, 0, 1, 0, 1, 0, 1, 0], // E₁₁ and E₁₁
            [2, 0, 0, 1, 5, 0, 1, 0], // 10·E₁₁ and E₁₂
            [1, 1, 1, 0, -1, 0, 1, 0], // −E₁₁ − E₁₂ and E₁₁
            [1, 0, 0, 0, 1, 0, 0, 0], // E₁₁ and nothing
        ];
        var found = UpdateAngles.Of(shape, adapters);
        Assert.Equal([null, "h.0.attn.c_attn", "h.1.attn.c_attn"], found.Select(f => f.Target));
        var (all, first, second) = (found[0].Degrees, found[1].Degrees, found[2].Degrees);
        Assert.Equal(0, first[0][1], 1e-5);
        Assert.Equal(135, first[0][2], 1e-9);
        Assert.Equal(90, second[0][1], 1e-9);
        Assert.Equal(0, second[0][2], 1e-5);
        Assert.Equal(double.RadiansToDegrees(Math.Acos(10 / Math.Sqrt(2 * 101))), all[0][1], 1e-9);
        Assert.True(double.IsNaN(second[3][0]));
        Assert.Equal(3, found[2].Pairs.Count());
        Assert.Equal(0, all[2][2]);
    }

    [Fact]
    public void Angles_UnderAChangeOfGauge_StayWhatTheyAre()
    {
        var shape = new AdapterShape([new("t", 3, 2, 2, 0, 6)], 1);
        // The second adapter is (G·A, B·G⁻¹) of the first with G = diag(2, −4): the same ΔW.
        float[][] adapters = [[1, 2, 3, 4, 5, 6, 1, 2, 3, 4], [2, 4, 6, -16, -20, -24, 0.5f, -0.5f, 1.5f, -1]];
        Assert.Equal(0, UpdateAngles.Of(shape, adapters)[0].Degrees[0][1], 1e-5);
    }
}
