namespace LoraCollab.Data.Tests.Options;

/// <summary>Options as they are declared on records: read, checked, described.</summary>
public sealed class OptionTableTests
{
    private enum Colour
    {
        Red,
        DarkBlue,
    }

    private sealed record Inner
    {
        [Option("depth", OptionGroup.Machine, "How deep.", Least = 1)]
        public int Depth { get; init; } = 3;

        [Option("noise", OptionGroup.Trust, "How loud.")]
        public double? Noise { get; init; }

        [Option("rate", OptionGroup.Machine, "How fast.")]
        public float Rate { get; init; } = 0.5f;
    }

    private sealed record Outer
    {
        [Option("share", OptionGroup.Data, "How much.", Least = 0, AboveLeast = true, Most = 1, BelowMost = true, Also = ["part"])]
        public double Share { get; init; } = 0.5;

        [Option("colour", OptionGroup.Output, "Which.", Choices = ["red:Red", "blue:DarkBlue"])]
        public Colour Colour { get; init; }

        [Option("names", OptionGroup.Data, "Whose.")]
        public IReadOnlyList<string>? Names { get; init; }

        [Option("sizes", OptionGroup.Data, "How large.", Least = 0)]
        public IReadOnlyList<int> Sizes { get; init; } = [1, 2];

        [Option("loud", OptionGroup.Output, "Or not.")]
        public bool Loud { get; init; }

        [Options(Only = [OptionGroup.Machine], Default = "the run's")]
        public Inner Inner { get; init; } = new();
    }

    private static OptionDeclaration Of(string name) => OptionTable.Find(typeof(Outer), name)!;

    [Fact]
    public void Read_WhatIsGiven_TakesItsPlaceAndTheRestStays()
    {
        var standing = new Outer { Names = ["a"], Inner = new Inner { Noise = 7 } };
        var given = new OptionValues().Set("share", "0.25").Set("colour", "blue").Set("sizes", "4,5").Set("loud").Set("depth", "9").Set("rate",
            "0.15").Set("unknown", "x");
        var read = OptionTable.Read(standing, given);
        Assert.Equal((0.25, Colour.DarkBlue, true, 9, 7.0), (read.Share, read.Colour, read.Loud, read.Inner.Depth, read.Inner.Noise));
        Assert.Equal(0.15f, read.Inner.Rate);
        Assert.Equal([4, 5], read.Sizes);
        Assert.Equal(["a"], read.Names!);
        Assert.Equal((0.5, 3), (standing.Share, standing.Inner.Depth));
    }

    [Theory]
    [InlineData("share", "0", "share '0': expected a number above 0 and below 1")]
    [InlineData("share", "1", "share '1': expected a number above 0 and below 1")]
    [InlineData("share", "0,5", "expected a finite number")]
    [InlineData("depth", "0", "depth '0': expected a whole number of at least 1")]
    [InlineData("depth", "2.5", "expected a whole number such as 128")]
    [InlineData("colour", "blux", "expected red, blue; did you mean blue?")]
    [InlineData("names", "a,,b", "expected names with commas between them")]
    [InlineData("sizes", "1,-2", "expected a whole number of at least 0")]
    public void Read_WhatIsNoValue_IsRefusedByName(string option, string text, string expected)
    {
        var e = Assert.Throws<OptionException>(() => OptionTable.Read(new Outer(), new OptionValues().Set(option, text)));
        Assert.Contains(expected, e.Message, StringComparison.Ordinal);
        Assert.StartsWith("--" + option, e.Spelled, StringComparison.Ordinal);
    }

    [Fact]
    public void Check_ARecordOutOfRange_IsRefusedAsItsTextWouldBe()
    {
        OptionTable.Check(new Outer());
        Assert.Contains("share 2", Assert.Throws<OptionException>(() => OptionTable.Check(new Outer { Share = 2 })).Message, StringComparison.Ordinal);
        Assert.Throws<OptionException>(() => OptionTable.Check(new Outer { Share = double.NaN }));
        Assert.Throws<OptionException>(() => OptionTable.Check(new Outer { Inner = new Inner { Depth = 0 } }));
    }

    [Fact]
    public void Table_OfARecord_HasItsOptionsAndThoseOfTheGroupsItTakes()
    {
        Assert.Equal(["share", "colour", "names", "sizes", "loud", "depth", "rate"], OptionTable.Of(typeof(Outer)).Select(o => o.Name));
        Assert.Same(Of("share"), OptionTable.Find(typeof(Outer), "part"));
        Assert.Equal(["0.5", "red", null, "1,2", null, "the run's", "the run's"], OptionTable.Of(typeof(Outer)).Select(o => o.Default(new Outer())));
        Assert.Equal(["X", "NAME", "TEXT", "N", "", "N", "X"], OptionTable.Of(typeof(Outer)).Select(o => o.Value));
        Assert.Equal("Which. One of red, blue.", Of("colour").About);
    }
}
