namespace LoraCollab.Kernels.Tests;

/// <summary>
/// Every op refuses wrong sizes and overlaps before it touches memory, and names the argument. The checks stand in the contract: one backend shows them.
/// </summary>
public sealed class ArgumentTests : IDisposable
{
    private readonly ReferenceBackend _k = new();

    public void Dispose() => _k.Dispose();

    private View New(long length) => _k.Allocate("buffer", length);

    private IntView NewIds(long length) => _k.AllocateInts("ids", length);

    private Matrix NewMatrix(int ic, int oc) => Matrix.Dense("w", New((long)ic * oc), ic, oc);

    private static void Refused(string argument, Action op)
    {
        var e = Assert.ThrowsAny<ArgumentException>(op);
        Assert.Equal(argument, e.ParamName);
        Assert.Contains(argument, e.Message);
    }

    [Fact]
    public void MatMul_OfWrongSizes_IsRefused()
    {
        var w = NewMatrix(3, 4);
        Refused("y", () => _k.MatMul(New(7), New(6), w, default, 2));
        Refused("x", () => _k.MatMul(New(8), New(7), w, default, 2));
        Refused("bias", () => _k.MatMul(New(8), New(6), w, New(3), 2));
        Refused("rows", () => _k.MatMul(New(8), New(6), w, default, 0));
        Refused("dx", () => _k.MatMulBackwardInput(New(5), New(8), w, 2));
        Refused("dy", () => _k.MatMulBackwardInput(New(6), New(9), w, 2));
        Refused("dw", () => _k.MatMulBackwardWeight(New(11), New(6), New(8), 2, 3, 4));
        Refused("db", () => _k.BiasBackward(New(3), New(8), 2, 4));
    }

    [Fact]
    public void WrongSize_OfAnArgument_TellsBothSizesAndTheBuffer()
    {
        string message = Assert.Throws<ArgumentException>(() => _k.Copy(_k.Allocate("wpe", 9).Slice(2, 5), New(4))).Message;
        Assert.StartsWith("y wpe[2..7]: expected 4 elements, found 5", message);
    }

    [Fact]
    public void Destination_ThatOverlapsASource_IsRefused()
    {
        var both = New(20);
        var w = NewMatrix(3, 3);
        Refused("y", () => _k.MatMul(both.Slice(0, 6), both.Slice(5, 6), w, default, 2));
        Refused("y", () => _k.Dropout(both.Slice(0, 6), both.Slice(5, 6), 6, DropoutMask.None));
        Refused("dx", () => _k.GeluBackward(both.Slice(0, 6), both.Slice(3, 6), New(6), 6, GeluForm.Tanh));
        Refused("y", () => _k.AddDropout(both, both, 20, DropoutMask.None));
        Refused("y", () => _k.LayerNorm(both.Slice(0, 6), New(2), New(2), both.Slice(0, 6), New(3), New(3), 2, 3, 1e-5f));
        Refused("dqkv", () => _k.AttentionBackward(both.Slice(0, 6), New(2), both.Slice(0, 6), New(2), New(1), new(1, 1, 1, 2), DropoutMask.None));
    }

    [Fact]
    public void OptionalArguments_ThatBelongTogether_AreRefusedApart()
    {
        Refused("dgamma", () => _k.LayerNormBackward(New(6), New(3), default, New(6), New(6), New(2), New(2), New(3), 2, 3));
        Refused("dw", () => _k.Classifier(New(2), default, default, New(12), New(6), NewMatrix(3, 4), NewIds(2), 2, 1));
    }

    [Fact]
    public void Positions_OutsideContextOrCache_AreRefused()
    {
        Refused("position", () => _k.Embedding(New(6), NewIds(2), NewMatrix(3, 4), New(9), 1, 2, 2));
        Refused("position", () => _k.AttentionCached(New(2), New(8), New(8), New(6), 4, 1, 1, 2));
        Refused("position", () => _k.AttentionCached(New(2), New(8), New(8), New(6), -1, 1, 1, 2));
    }

    [Fact]
    public void Numbers_OutOfRange_AreRefused()
    {
        Refused("k", () => _k.ClassifierTopK(NewIds(2), New(10), New(2), New(6), NewMatrix(3, 4), 2, 5));
        Refused("step", () => _k.AdamW(New(1), New(1), New(1), New(1), new AdamWStep(1e-3, 0.9, 0.999, 1e-8, 0, Step: 0, 1)));
        Refused("Rank", () => _k.Lora(New(4), New(0), New(4), New(0), New(0), new LoraShape(2, 2, 2, 0, 1, DropoutMask.None)));
        Refused("T", () => _k.Attention(New(0), New(0), New(0), new AttentionShape(1, 0, 1, 2), DropoutMask.None));
    }

    [Theory, InlineData(4), InlineData(-1)]
    public void Embedding_OfAnIdOutsideTheVocabulary_NamesPositionIdAndVocabulary(int id)
    {
        var ids = NewIds(3);
        _k.Write(ids, [0, 3, id]);
        var e = Assert.Throws<ArgumentOutOfRangeException>(() => _k.Embedding(New(9), ids, NewMatrix(3, 4), New(9), 1, 3, 0));
        Assert.StartsWith($"ids[2] is {id}, outside the vocabulary of 4 tokens", e.Message);
    }

    [Theory, InlineData(4), InlineData(-2)]
    public void Classifier_OfATargetOutsideTheVocabulary_NamesPositionIdAndVocabulary(int id)
    {
        var targets = NewIds(2);
        _k.Write(targets, [-1, id]);
        var e = Assert.Throws<ArgumentOutOfRangeException>(() => _k.Classifier(New(2), default, default, default, New(6), NewMatrix(3, 4), targets, 2, 1));
        Assert.StartsWith($"targets[1] is {id}, outside the vocabulary of 4 tokens", e.Message);
    }
}
