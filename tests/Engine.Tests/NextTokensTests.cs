namespace LoraCollab.Engine.Tests;

public class NextTokensTests
{
    [Fact]
    public void Of_LogitsByHand_RanksWithTiesToTheLowerId()
    {
        float[] logits = [0, MathF.Log(4), MathF.Log(2), MathF.Log(2), 0]; // probabilities 1, 4, 2, 2, 1 of 10
        var found = NextTokens.Of(logits, 3, 7, next: 3, k: 3);
        Assert.Equal([1, 2, 3], found.Top.Select(t => t.Id));
        Assert.Equal([1, 2, 3], found.Top.Select(t => t.Rank));
        Assert.Equal(0.4, found.Top[0].Probability, 6);
        Assert.Equal((3, 7), (found.Position, found.Token));
        Assert.Equal(3, found.Next!.Value.Rank);
        Assert.Equal(Math.Log(5), found.Next.Value.Loss, 6);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Of_AText_HasTheLossesOfAnEvaluation(bool withAdapter)
    {
        using var backend = Backends.Create(BackendKind.Reference, 1);
        using var model = GptModel.Frozen(backend, new SmallModel(SmallModel.Odd));
        var lora = new LoraOptions { Rank = 2, Alpha = 4 };
        using var adapter = withAdapter ? new LoraAdapter(backend, model.Config, lora, trainable: false) : null;
        adapter?.Set(SmallModel.AdapterValues(model.Config, lora));
        int[] ids = SmallModel.Ids(9, model.Config.Vocabulary);
        var found = NextTokens.Of(model, ids, adapter, k: 4);

        using var pass = new GptPass(model, backend, 1, 9, PassKind.Forward, adapter?.Options);
        pass.Evaluate(ids, [.. ids[1..], -1], 1, adapter);
        for (int t = 0; t < 8; t++) Assert.Equal(pass.RowLosses[t], found[t].Next!.Value.Loss, 1e-5);
        Assert.Null(found[8].Next);
        Assert.All(found, f => Assert.Equal(4, f.Top.Count));
    }
}
