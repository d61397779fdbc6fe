using CommandLine;
using CommandLine.Text;

namespace LoraCollab.Cli.Commands;

[Verb("bench round", HelpText = "Time one round of several clients (training, trust, mixing), random weights, as one JSON line.")]
internal sealed class BenchRoundCommand : Command, IBenchOptions
{
    public string? Layers { get; set; }
    public string? Heads { get; set; }
    public string? Embd { get; set; }
    public string? Vocab { get; set; }
    public string? Batch { get; set; }
    public string? Seq { get; set; }
    public string? Rank { get; set; }
    public string? Targets { get; set; }
    public string? Steps { get; set; }
    public string? Dropout { get; set; }

    [Option("clients", MetaValue = "N", HelpText = "Number of clients. Default: 8.")]
    public string? Clients { get; set; }

    [Option("trust", MetaValue = "SCHEME", HelpText = "none, weights, validation (12 batches a pair) or prediction (4 public batches, L1 of the top 100 logits). Default: none.")]
    public string? Trust { get; set; }

    [Option("mode", MetaValue = "NAME", HelpText = "lora: an adapter a client over one frozen base.")]
    public string? Mode { get; set; }

    public string? Backend { get; set; }
    public string? Threads { get; set; }

    [Usage(ApplicationAlias = "loracollab")]
    public static IEnumerable<Example> Examples =>
    [
        new("Eight small clients with trust by predictions",
            new BenchRoundCommand { Layers = "4", Heads = "4", Embd = "128", Vocab = "1024", Batch = "8", Steps = "10", Clients = "8", Trust = "prediction" }),
    ];

    public override int Run(CommandContext context)
    {
        var plan = BenchPlan.Of(this);
        int clients = Numbers.Whole("--clients", Clients, 8, 1, 4096);
        string trust = Choice.Of("--trust", Trust, "none", ("none", "none"), ("weights", "weights"), ("validation", "validation"), ("prediction", "prediction"));
        Choice.Of("--mode", Mode, true, ("lora", true));
        MemoryEstimate.ForAdapters(plan.Config, plan.Lora, clients, 1, plan.Batch, plan.Length, plan.Backend.Size).Require();
        using var backend = plan.Backend.Open();
        using var bench = new RoundBench(plan, backend, clients, trust == "none" ? "local" : trust);
        var timing = bench.Measure(trust != "none");
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
