namespace LoraCollab.Federation.Tests;

public sealed class AttackTests
{
    private static readonly float[] Received = [1, 1, 1, 1], Honest = [9, 2, 3, 0];

    private static float[] Forged(string attack, int client = 3, int iteration = 5, int from = 1) =>
        Attack.Parse(attack).Forge(new Upload([], Honest, null), Received, from, 7, client, iteration).Adapter;

    [Fact]
    public void Forge_ByHand_ChangesOnlyWhatTravels()
    {
        Assert.Equal([9, float.NaN, float.NaN, float.NaN], Forged("nan"));
        Assert.Equal([9, -99, -199, 101], Forged("scale:-100"));
        Assert.Equal([9, 0, -1, 2], Forged("signflip"));
        Assert.Equal([9, 1, 1, 1], Forged("noise:0"));
        Assert.Equal(Honest, Forged("shifted-text"));
        Assert.Equal([9, 2, 3, 0], Honest);
    }

    [Fact]
    public void Forge_Noise_HasItsNormAndDependsOnClientAndIteration()
    {
        var upload = new Upload([], [.. Enumerable.Repeat(2f, 10_000)], null);
        float[] received = [.. Enumerable.Repeat(1f, 10_000)];
        float[] Noise(int client, int iteration) => Attack.Parse("noise:3").Forge(upload, received, 0, 7, client, iteration).Adapter;
        Assert.Equal(300, Math.Sqrt(ParameterSpace.SquaredDistance(Noise(3, 5), received)), 300 * 0.03);
        Assert.Equal(Noise(3, 5), Noise(3, 5));
        Assert.NotEqual(Noise(3, 5), Noise(2, 5));
        Assert.NotEqual(Noise(3, 5), Noise(3, 6));
    }

    [Fact]
    public void OnText_Shifted_MovesTheAttackersTrainingTextAlone()
    {
        var options = SmallRun.Options with { Attack = "shifted-text", Attackers = 2 };
        var data = Attack.OnText(SmallRun.Data, options);
        int vocabulary = SmallRun.Data.Manifest.VocabularySize;
        for (int i = 0; i < 4; i++)
        {
            Assert.Equal(SmallRun.Data.Clients[i].Train.Select(t => i < 2 ? t : (t + vocabulary / 2) % vocabulary), data.Clients[i].Train);
            Assert.Same(SmallRun.Data.Clients[i].ReportValidation, data.Clients[i].ReportValidation);
        }
        Assert.Same(SmallRun.Data, Attack.OnText(SmallRun.Data, SmallRun.Options with { Attack = "nan", Attackers = 1 }));
    }

    [Theory]
    [InlineData("nan")]
    [InlineData("scale:-100")]
    [InlineData("signflip")]
    [InlineData("noise:2.5")]
    [InlineData("shifted-text")]
    public void Parse_AForm_IsWrittenTheSame(string text) => Assert.Equal(text, Attack.Parse(text).ToString());

    [Theory]
    [InlineData("")]
    [InlineData("nan:1")]
    [InlineData("scale")]
    [InlineData("scale:")]
    [InlineData("scale:x")]
    [InlineData("scale:NaN")]
    [InlineData("noise:-1")]
    [InlineData("Nan")]
    [InlineData("shifted")]
    public void Parse_AnythingElse_IsRefused(string text) =>
        Assert.Contains($"attack '{text}'", Assert.ThrowsAny<UserException>(() => Attack.Parse(text)).Message);
}
