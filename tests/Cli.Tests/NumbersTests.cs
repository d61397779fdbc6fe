namespace LoraCollab.Cli.Tests;

/// <summary>Numbers of options, as the command line gives them.</summary>
public class NumbersTests
{
    [Theory]
    [InlineData("0,5")]
    [InlineData("1,000")]
    [InlineData("1_000")]
    [InlineData("1 000")]
    [InlineData(" 1")]
    [InlineData("NaN")]
    [InlineData("nan")]
    [InlineData("Infinity")]
    [InlineData("-Infinity")]
    [InlineData("∞")]
    [InlineData("1e999")]
    [InlineData("0x10")]
    [InlineData("half")]
    [InlineData("0")]
    [InlineData("-1")]
    public void Real_NotAFiniteInvariantNumberInRange_IsRefused(string text)
    {
        var e = Assert.Throws<OptionException>(() => Command.Of<TrainCommand>(new OptionValues().Set("lr", text)));
        Assert.StartsWith("--lr '" + text, e.Spelled, StringComparison.Ordinal);
        Assert.StartsWith("lr '" + text, e.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("0.5", 0.5)]
    [InlineData("2e-3", 2e-3)]
    [InlineData("+3", 3)]
    [InlineData(".25", .25)]
    public void Real_OfInvariantForm_IsRead(string text, double expected) =>
        Assert.Equal(expected, Command.Of<TrainCommand>(new OptionValues().Set("lr", text)).Lr);

    [Theory]
    [InlineData("1.5")]
    [InlineData("1,000")]
    [InlineData("1e3")]
    [InlineData("0")]
    [InlineData("-1")]
    [InlineData("99999999999")]
    [InlineData("999999999999999999999999")]
    [InlineData("NaN")]
    public void Whole_OutOfRangeOrForm_IsRefused(string text) =>
        Assert.Throws<OptionException>(() => Command.Of<TrainCommand>(new OptionValues().Set("iterations", text)));

    [Fact]
    public void Seed_Largest_IsRead() =>
        Assert.Equal(ulong.MaxValue, Command.Of<TrainCommand>(new OptionValues().Set("seed", "18446744073709551615")).Seed);

    [Theory]
    [InlineData("-1")]
    [InlineData("18446744073709551616")]
    [InlineData("1.0")]
    public void Seed_OutOfRange_IsRefused(string text) =>
        Assert.Throws<OptionException>(() => Command.Of<TrainCommand>(new OptionValues().Set("seed", text)));

    [Theory]
    [InlineData("1")]
    [InlineData("-0.1")]
    public void Dropout_OutsideZeroToOne_IsRefused(string text) =>
        Assert.Throws<OptionException>(() => Command.Of<TrainCommand>(new OptionValues().Set("dropout", text)));
}
