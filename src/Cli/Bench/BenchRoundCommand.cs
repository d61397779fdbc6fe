namespace LoraCollab.Cli.Bench;

[Verb("bench round", "Time one round of several clients (training, trust, mixing), random weights, as one JSON line.")]
[Example("Eight small clients with trust by predictions",
    "--layers 4 --heads 4 --embd 128 --vocab 1024 --batch-size 8 --iterations 10 --clients 8 --trust prediction")]
internal sealed class BenchRoundCommand : BenchOptions
{
    private const string None = "none";

    [Option("clients", OptionGroup.Data, "Number of clients.", Least = 1, Most = 4096)]
    public int Clients { get; init; } = 8;

    [Option("trust", OptionGroup.Trust, "none, weights, validation (12 batches a pair) or prediction (4 public batches, L1 of the top 100 logits).",
        Value = "SCHEME", Choices = [None, "weights", "validation", "prediction"])]
    public string Trust { get; init; } = None;

    /// <summary>Each client has an adapter over one frozen base.</summary>
    [ModeOption]
    public string Mode { get; init; } = "lora";

    public override int Run(CommandContext context)
    {
        var plan = BenchPlan.Of(this);
        var (clients, trust) = (Clients, Trust);
        if (Mode != "lora") throw new OptionException("mode", Mode, "clients share one frozen base here; give lora");
        MemoryEstimate.ForAdapters(plan.Config, plan.Lora, clients, 1, plan.Batch, plan.Length, plan.Backend.Size).Require();
        using var backend = plan.Backend.Open();
        using var bench = new RoundBench(plan, backend, clients, trust == None ? StrategyRegistry.Solo : trust);
        var timing = bench.Measure(trust != None);
        context.Out.WriteLine(JsonText.Line(new
        {
            peer = "loracollab",
            L = plan.Config.Layers,
            H = plan.Config.Heads,
            C = plan.Config.Channels,
            V = plan.Config.Vocabulary,
            B = plan.Batch,
            T = plan.Length,
            R = plan.Lora.Rank,
            all = plan.Lora.Targets == LoraTargets.All,
            threads = plan.Backend.Threads,
            clients,
            local_steps = plan.Steps,
            trust,
            round_ms = Math.Round(timing.RoundMs, 1),
            train_ms = Math.Round(timing.TrainMs, 1),
            trust_ms = Math.Round(timing.TrustMs, 1),
            train_tok_s = Math.Round((double)clients * plan.Steps * plan.TokensPerStep / timing.TrainMs * 1e3, 1),
            peak_rss_mb = Stopwatches.PeakMegabytes(),
            lanes = timing.Lanes,
            backend = backend.Description,
        }));
        return ExitCode.Success;
    }
}
