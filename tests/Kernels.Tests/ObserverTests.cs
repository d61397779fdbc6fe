namespace LoraCollab.Kernels.Tests;

public sealed class ObserverTests
{
    private sealed record Seen(string Op, string Scope, long Flops, long Bytes, View Output, int Operands);

    private sealed class Recorder : IOpObserver
    {
        public List<(bool After, Seen Call)> Calls { get; } = [];

        public void Before(in OpCall call) => Add(false, call);

        public void After(in OpCall call) => Add(true, call);

        private void Add(bool after, in OpCall call) =>
            Calls.Add((after, new Seen(call.Op, call.Scope, call.Flops, call.Bytes, call.Output, call.Operands.Length)));
    }

    [Fact]
    public void Observer_OfEveryCase_SeesEachOpOnceBeforeAndOnceAfter()
    {
        var recorder = new Recorder();
        using var backend = new ReferenceBackend { Observer = recorder, Scope = "h.3.attn" };
        foreach (var c in OpCases.Tiny)
        {
            recorder.Calls.Clear();
            c.Run(backend);
            Assert.Equal(2 * c.Steps.Count, recorder.Calls.Count);
            foreach (var pair in recorder.Calls.Chunk(2))
            {
                Assert.False(pair[0].After);
                Assert.True(pair[1].After);
                Assert.Equal(pair[0].Call, pair[1].Call);
                RequireSense(pair[0].Call);
            }
        }
    }

    private static void RequireSense(Seen call)
    {
        Assert.Equal("h.3.attn", call.Scope);
        Assert.True(call.Operands > 0, $"{call.Op} names no operand");
        Assert.False(call.Output.IsEmpty, $"{call.Op} has no output");
        Assert.True(call.Bytes > 0, $"{call.Op} moves {call.Bytes} bytes");
        Assert.True(call.Flops > 0 || call.Op is "fill" or "copy", $"{call.Op} does {call.Flops} FLOPs");
    }

    [Fact]
    public void Observer_OfAMatMul_CountsTwoFlopsAMultiplyAndAdd()
    {
        var recorder = new Recorder();
        using var backend = new ReferenceBackend { Observer = recorder };
        backend.MatMul(backend.Allocate("y", 10), backend.Allocate("x", 6), Matrix.Dense("w", backend.Allocate("w", 15), 3, 5), default, 2);
        var call = recorder.Calls[0].Call;
        Assert.Equal(("matmul", 2L * 2 * 3 * 5, 4L * (6 + 15 + 10)), (call.Op, call.Flops, call.Bytes));
    }
}
