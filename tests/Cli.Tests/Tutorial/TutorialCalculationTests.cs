namespace LoraCollab.Cli.Tests;

/// <summary>What the tutorial calculates by hand is calculated again, and every derivative compared with a difference quotient.</summary>
public sealed class TutorialCalculationTests
{
    public static TheoryData<string> Chapters() => [.. TutorialPage.Calculations.Select(c => c.Chapter)];

    [Theory]
    [MemberData(nameof(Chapters))]
    public void Chapter_CalculatedAgain_HasTheNumbersShown(string chapter)
    {
        var calculation = new HandCalculation();
        foreach (string line in TutorialPage.Calculations.Single(c => c.Chapter == chapter).Lines) calculation.Read(line);
        Assert.True(calculation.Results > 0);
    }

    [Fact]
    public void Calculations_OfAllChapters_HoldManyDerivatives()
    {
        int results = 0, derivatives = 0;
        foreach (var (_, lines) in TutorialPage.Calculations)
        {
            var calculation = new HandCalculation();
            foreach (string line in lines) calculation.Read(line);
            (results, derivatives) = (results + calculation.Results, derivatives + calculation.Derivatives);
        }
        Assert.True(results >= 80 && derivatives >= 20, $"{results} results, {derivatives} derivatives");
    }

    [Theory]
    [InlineData("y = 2·3 = 7")]
    [InlineData("y = 2·3 + 0.04 = 6.1")]
    [InlineData("y = [1 2; 3 4]·[1; 1] = [3; 8]")]
    public void Calculation_WithAWrongResult_Fails(string line) => Assert.ThrowsAny<Xunit.Sdk.XunitException>(() => new HandCalculation().Read(line));

    [Fact]
    public void Calculation_WithAWrongDerivative_Fails()
    {
        var calculation = new HandCalculation();
        foreach (string line in new[] { "w = 3", "L = w·w = 9" }) calculation.Read(line);
        Assert.ThrowsAny<Xunit.Sdk.XunitException>(() => calculation.Read("∂L/∂w = w = 3"));
    }
}
