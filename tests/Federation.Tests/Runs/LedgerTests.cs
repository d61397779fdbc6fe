using System.Buffers.Binary;

namespace LoraCollab.Federation.Tests;

public sealed class LedgerTests : IDisposable
{
    private readonly SmallRun _run = new();

    [Fact]
    public void Ledger_OfARun_IsTheServerModelOfWhatIsOnDisk()
    {
        var summary = SmallRun.Run(SmallRun.Options, _run.Settings("a"));
        var ledger = new RunLog(Path.Combine(_run.Folder("a"), "ledger.jsonl")).Read<LedgerEntry>();
        foreach (var (name, scheme) in summary.Schemes)
        {
            var own = ledger.Where(l => l.Scheme == name).ToArray();
            Assert.Equal(scheme.BytesUp, own.Where(l => l.Direction == Direction.Up).Sum(l => l.Bytes));
            Assert.Equal(scheme.BytesDown, own.Where(l => l.Direction == Direction.Down).Sum(l => l.Bytes));
            if (name == "local")
            {
                Assert.Empty(own);
                continue;
            }
            foreach (int iteration in (int[])[3, 5, 7, 8])
            {
                long adapters = TensorBytes(Path.Combine(_run.Folder("a"), "rounds", name, $"{iteration}.safetensors"));
                long Sum(Direction direction, Payload payload) =>
                    own.Where(l => l.Iteration == iteration && l.Direction == direction && l.Payload == payload).Sum(l => l.Bytes);
                Assert.Equal(adapters, Sum(Direction.Up, Payload.Adapter));
                Assert.Equal(name == "validation" ? 3 * adapters : adapters, Sum(Direction.Down, Payload.Adapter));
                Assert.Equal(name == "validation" ? 4 * 4 * 4 : 0, Sum(Direction.Up, Payload.Losses));
                Assert.Equal(name == "prediction" ? 4 * 20 * 5 * (4 + 4) : 0, Sum(Direction.Up, Payload.Predictions)); // 20 positions, k = 5
                Assert.Equal(0, Sum(Direction.Down, Payload.Predictions));
            }
        }
    }

    [Fact]
    public void Ledger_OfMethods_CountsClusterModelsAndGradients()
    {
        var options = SmallRun.Options with { Schemes = ["ifca", "cobo", "fedfomo"], Method = new Dictionary<string, double> { ["ifca.clusters"] = 3 } };
        SmallRun.Run(options, _run.Settings("a"));
        var ledger = new RunLog(Path.Combine(_run.Folder("a"), "ledger.jsonl")).Read<LedgerEntry>();
        long adapter = TensorBytes(Path.Combine(_run.Folder("a"), "rounds", "ifca", "3.safetensors")) / 4;
        (Direction, Payload, int, long)[] Of(string scheme) =>
            [.. ledger.Where(l => l.Scheme == scheme && l is { Iteration: 5, Client: 2 }).Select(l => (l.Direction, l.Payload, l.Count, l.Bytes))];
        Assert.Equal([(Direction.Up, Payload.Adapter, 1, adapter), (Direction.Down, Payload.Adapter, 3, 3 * adapter)], Of("ifca"));
        Assert.Equal([(Direction.Up, Payload.Adapter, 1, adapter), (Direction.Up, Payload.Gradient, 3, 3 * adapter),
            (Direction.Down, Payload.Adapter, 3, 3 * adapter), (Direction.Down, Payload.Gradient, 3, 3 * adapter)], Of("cobo"));
        Assert.Equal([(Direction.Up, Payload.Adapter, 1, adapter), (Direction.Up, Payload.Losses, 1, 16), (Direction.Down, Payload.Adapter, 3, 3 * adapter)],
            Of("fedfomo"));
    }

    [Theory]
    [InlineData("full", 3)]
    [InlineData("ring", 2)]
    public void Ledger_BetweenPeers_CountsEveryNeighbour(string topology, int neighbours)
    {
        var options = SmallRun.Options with { Schemes = ["fedavg", "prediction"], Topology = topology, Exchange = ExchangeModel.Peers };
        SmallRun.Run(options, _run.Settings("a"));
        var ledger = new RunLog(Path.Combine(_run.Folder("a"), "ledger.jsonl")).Read<LedgerEntry>();
        long adapter = TensorBytes(Path.Combine(_run.Folder("a"), "rounds", "fedavg", "3.safetensors")) / 4;
        Assert.All(ledger.Where(l => l.Payload == Payload.Adapter), l => Assert.Equal((neighbours, neighbours * adapter), (l.Count, l.Bytes)));
        Assert.All(ledger.Where(l => l.Payload == Payload.Predictions), l => Assert.Equal((neighbours, neighbours * 20 * 5 * 8L), (l.Count, l.Bytes)));
        Assert.Equal(2, ledger.Count(l => l is { Scheme: "prediction", Iteration: 3, Client: 0, Payload: Payload.Predictions }));
    }

    [Fact]
    public void Predictions_Written_AreIdsThenValues()
    {
        using var stream = new MemoryStream();
        new TopPredictions([7, 1], [0.5f, 0.25f], 2, 9).Write(stream);
        byte[] bytes = stream.ToArray();
        Assert.Equal((16, 7, 0.25f), (bytes.Length, BinaryPrimitives.ReadInt32LittleEndian(bytes), BinaryPrimitives.ReadSingleLittleEndian(bytes.AsSpan(12))));
    }

    public void Dispose() => _run.Dispose();

    /// <summary>Bytes of a safetensors file after its header.</summary>
    private static long TensorBytes(string path)
    {
        using var stream = File.OpenRead(path);
        var length = new byte[8];
        stream.ReadExactly(length);
        return stream.Length - 8 - BinaryPrimitives.ReadInt64LittleEndian(length);
    }
}
