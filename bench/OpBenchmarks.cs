using BenchmarkDotNet.Attributes;

namespace LoraCollab.Bench;

/// <summary>
/// The large op cases on one backend, each step by itself. Everything runs in this process, on memory that is set up once; a call includes waiting for the
/// device.
/// </summary>
[InProcess, MemoryDiagnoser, Config(typeof(RateConfig))]
public class OpBenchmarks : IOpObserver
{
    private ComputeBackend _backend = null!;
    private BoundCase _case = null!;
    private OpStep _step = null!;

    public static BackendKind Kind { get; set; } = BackendKind.Host;

    public static int Threads { get; set; } = Environment.ProcessorCount;

    public static IEnumerable<OpStepChoice> Steps => OpStepChoice.All;

    [ParamsSource(nameof(Steps))]
    public OpStepChoice Step { get; set; } = null!;

    [GlobalSetup]
    public void SetUp()
    {
        _backend = Backends.Create(Kind, Threads);
        var c = OpCases.Named(Step.Case);
        _case = c.Bind(_backend);
        foreach (var before in c.Steps.Take(Step.Step)) _case.Run(before); // gradients need what the forward pass keeps
        _step = c.Steps[Step.Step];
        _backend.Observer = this;
        Run();
        _backend.Observer = null;
    }

    [Benchmark]
    public void Run()
    {
        _case.Run(_step);
        _backend.Synchronize();
    }

    [GlobalCleanup]
    public void CleanUp()
    {
        _case.Dispose();
        _backend.Dispose();
    }

    void IOpObserver.Before(in OpCall call) { }

    void IOpObserver.After(in OpCall call) => RateColumn.Work[Step] = (call.Flops, call.Bytes);
}
