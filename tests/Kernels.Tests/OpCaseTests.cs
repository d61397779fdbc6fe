namespace LoraCollab.Kernels.Tests;

/// <summary>A case must fail where a backend errs: each of these commits one fault.</summary>
public sealed class OpCaseTests
{
    private static string Failure(OpCase c)
    {
        using var backend = new ReferenceBackend();
        return Assert.Throws<CaseFailedException>(() => c.Check(backend)).Message;
    }

    private static View Widened(View view, long before, long after) => new(view.Buffer, view.Offset - before, view.Length + before + after);

    [Fact]
    public void Check_OfAWriteBesideAnOperand_NamesTheSide()
    {
        var c = new OpCase("one too far", 1).Output("y", 3).Forward("Fill", (k, o) => k.Fill(Widened(o["y"], 0, 1), 1));
        Assert.Equal("one too far: 1 was written after y", Failure(c));
        c = new OpCase("one too early", 1).Input("x", 3).Output("y", 3).Forward("Fill", (k, o) => k.Fill(Widened(o["y"], 1, 0), 1));
        Assert.Equal("one too early: 1 was written after x", Failure(c));
    }

    [Fact]
    public void Check_OfAReadBesideAnOperand_SeesTheGuard()
    {
        var c = new OpCase("reads on", 1).Input("x", 3).Output("norm", 1).Forward("SquaredNorm", (k, o) => k.SquaredNorm(o["norm"], Widened(o["x"], 0, 1)));
        Assert.Contains("found NaN", Failure(c));
    }

    [Fact]
    public void Check_OfAChangedInput_NamesIt()
    {
        var c = new OpCase("scales its input", 1).Input("x", 3).Forward("Scale", (k, o) => k.Scale(o["x"], 2));
        Assert.Contains("the input x was changed at [0]", Failure(c));
    }

    [Fact]
    public void Check_OfAnOutputThatIsAddedTo_SeesTheGarbage()
    {
        var c = new OpCase("adds", 1).Input("x", 3).Output("y", 3).Forward("AddScaled", (k, o) => k.AddScaled(o["y"], o["x"], 1));
        Assert.Contains("adds: y", Failure(c));
    }

    [Fact]
    public void Check_OfChangedIds_NamesThem()
    {
        var c = new OpCase("counts", 1).Ids("ids", [1, 2]).Input("x", 3).Forward("Write", (k, o) => k.Write(o.Ids("ids"), [1, 3]));
        Assert.Contains("the input ids was changed at [1] from 2 to 3", Failure(c));
        c = new OpCase("counts on", 1).OutputIds("ids", 2).Input("x", 3)
            .Forward("Write", (k, o) => k.Write(new IntView(o.Ids("ids").Buffer, o.Ids("ids").Offset, 3), [1, 2, 3]));
        Assert.Equal("counts on: 3 was written after ids", Failure(c));
    }

    [Fact]
    public void Require_OfAnError_TellsWhereAndHowMuch()
    {
        string message = Assert.Throws<CaseFailedException>(() => Closeness.Require("dx", [3, 4, 0], [3, 4, 0.5], 0.01)).Message;
        Assert.Equal("dx: relative error 1.00E-001 is over 1.0E-002; worst at [2] of 3: expected 0, found 0.5", message);
        Closeness.Require("dx", [3, 4, 0], [3, 4, 0.5], 0.11);
        Assert.Throws<CaseFailedException>(() => Closeness.Require("dx", [1], [double.NaN], 1e9));
        Assert.Throws<CaseFailedException>(() => Closeness.Require("dx", [double.NaN], [double.NaN], 1e9));
        Assert.Throws<CaseFailedException>(() => Closeness.RequireSameBits("dx", [0], [-0.0]));
    }
}
