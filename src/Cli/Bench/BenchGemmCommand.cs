namespace LoraCollab.Cli.Bench;

[Verb("bench gemm", "Time the host's matrix products on the shapes of a GPT-2 step.")]
[Example("One JSON line per shape and layout", "--json --threads 2")]
internal sealed class BenchGemmCommand : Command
{
    [Options(Only = [OptionGroup.Machine])]
    public BackendChoice Machine { get; init; } = new();

    public override int Run(CommandContext context)
    {
        if (Machine.Backend is not (null or "auto" or "host"))
            throw new OptionException("backend", Machine.Backend, "these are the host's products; give host");
        int threads = Machine.Threads;
        double peak = GemmBenchmark.Peak(threads);
        if (!Json)
        {
            context.Out.WriteLine($"{HostBackend.InstructionSet}, {threads} threads: multiply-add peak {Format.Fixed(peak, 1)} GFLOP/s; NN: x·W, NT: x·Wᵀ; "
                + $"packed: W as frozen weights are kept");
            context.Out.WriteLine("layout      m      n      k   GFLOP/s    packed   of peak");
        }
        foreach (var (m, n, k) in GemmBenchmark.Shapes)
            foreach (var found in GemmBenchmark.Measure(m, n, k, threads))
                context.Out.WriteLine(Json ? Line(found, peak) : Row(found, peak));
        return ExitCode.Success;
    }

    private static string Line(GemmMeasurement g, double peak) => JsonText.Line(new
    {
        layout = g.Layout,
        m = g.M,
        n = g.N,
        k = g.K,
        gflops = Math.Round(g.Gflops, 1),
        gflops_prepacked = Math.Round(g.GflopsPrepacked, 1),
        fma_peak_gflops = Math.Round(peak, 1),
    });

    private static string Row(GemmMeasurement g, double peak) =>
        $"{g.Layout,-6} {g.M,6} {g.N,6} {g.K,6} {Format.Fixed(g.Gflops, 1),9} {Format.Fixed(g.GflopsPrepacked, 1),9} "
            + $"{Format.Fixed(g.GflopsPrepacked / peak * 100, 0),7} %";
}
