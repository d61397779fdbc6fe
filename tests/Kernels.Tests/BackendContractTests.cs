namespace LoraCollab.Kernels.Tests;

/// <summary>What every backend promises beyond its numbers: rows that do not depend on neighbours, lanes that share memory, and refusals.</summary>
public abstract class BackendContractTests
{
    protected abstract ComputeBackend Backend { get; }

    public static TheoryData<string> RowCaseNames => [.. RowCases.All.Select(c => c.Name)];

    [Theory, MemberData(nameof(RowCaseNames))]
    public void Rows_ComputedInParts_HaveTheBitsTheyHaveTogether(string name)
    {
        var results = RowCases.All.Single(c => c.Name == name).Run(Backend);
        foreach (var (operand, apart) in results.Where(r => r.Key.EndsWith(" apart", StringComparison.Ordinal)))
            Closeness.RequireSameBits($"{name}: {operand}", results[operand[..^" apart".Length]], apart);
    }

    [Fact]
    public void Lane_OnMemoryOfItsBackend_ComputesTheSame()
    {
        var c = OpCases.Tiny.First();
        using var lane = Backend.CreateLane(1);
        using var bound = c.Bind(Backend);
        using var onLane = c.Bind(lane);
        foreach (var step in c.Steps)
        {
            step.Run(lane, bound);
            step.Run(Backend, onLane);
        }
        lane.Synchronize();
        Backend.Synchronize();
        Assert.Equal(onLane.Read("y"), bound.Read("y"));
        Assert.Equal(onLane.Read("dw"), bound.Read("dw"));
    }

    [Fact]
    public void Allocate_OfNewMemory_HoldsZeros()
    {
        var reals = Backend.Allocate("reals", 1025);
        var ids = Backend.AllocateInts("ids", 1025);
        var values = new float[1025];
        var numbers = new int[1025];
        Backend.Download(values, reals);
        Backend.Download(numbers, ids);
        Assert.All(values, value => Assert.Equal(0, value));
        Assert.All(numbers, number => Assert.Equal(0, number));
        reals.Buffer.Dispose();
        ids.Buffer.Dispose();
    }

    [Fact]
    public void Copies_OfAnotherLength_AreRefused()
    {
        var reals = Backend.Allocate("wpe", 4);
        var ids = Backend.AllocateInts("tokens", 4);
        Action[] copies =
        [
            () => Backend.Write(reals, new float[3]), () => Backend.Write(reals, new double[5]), () => Backend.Write(ids, new int[3]),
            () => Backend.Download(new float[5], reals), () => Backend.Download(new double[3], reals), () => Backend.Download(new int[5], ids),
        ];
        Assert.All(copies, copy => Assert.Matches(@"(wpe|tokens)\[0\.\.4\]", Assert.Throws<ArgumentException>(copy).Message));
        reals.Buffer.Dispose();
        ids.Buffer.Dispose();
    }

    [Theory, InlineData(7), InlineData(-1)]
    public void Embedding_OfAnIdOutsideTheVocabulary_IsRefusedAtTheLatestOnSynchronize(int id) => Refuses(id, "Embedding");

    [Theory, InlineData(7), InlineData(-1)]
    public void EmbeddingBackward_OfAnIdOutsideTheVocabulary_IsRefusedAtTheLatestOnSynchronize(int id) => Refuses(id, "EmbeddingBackward");

    [Theory, InlineData(7), InlineData(-2)]
    public void Classifier_OfATargetOutsideTheVocabulary_IsRefusedAtTheLatestOnSynchronize(int id) => Refuses(id, "Classifier");

    /// <summary>One of three ids is outside a vocabulary of seven: the message names the position, the id and the vocabulary.</summary>
    private void Refuses(int id, string op)
    {
        var c = new OpCase("bad id", 0)
            .Ids("ids", [0, 6, id]).Weight("wte", 5, 7, MatrixForm.DenseTransposed).Updated("dwte", 35).Input("wpe", 15).Updated("dwpe", 15)
            .Output("x", 15).Input("dx", 15).Output("losses", 3)
            .Forward("Embedding", (k, o) => k.Embedding(o["x"], o.Ids("ids"), o.Weight("wte"), o["wpe"], 1, 3, 0))
            .Forward("EmbeddingBackward", (k, o) => k.EmbeddingBackward(o["dwte"], o["dwpe"], o.Ids("ids"), o["dx"], 1, 3, 5))
            .Forward("Classifier", (k, o) => k.Classifier(o["losses"], default, default, default, o["dx"], o.Weight("wte"), o.Ids("ids"), 3, 1));
        using var bound = c.Bind(Backend);
        var e = Assert.Throws<ArgumentOutOfRangeException>(() =>
        {
            bound.Run(c.Steps.Single(step => step.Op == op));
            Backend.Synchronize();
        });
        Assert.Equal(id, e.ActualValue);
        Assert.Contains("2", e.Message);
        Assert.Contains("7", e.Message);
    }
}
