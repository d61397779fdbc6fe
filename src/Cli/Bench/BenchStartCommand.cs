namespace LoraCollab.Cli.Bench;

/// <summary>
/// What train does with its defaults until its first step is done. The evaluation that train begins with is timed too, but after the step and apart from
/// <c>first_step_ms</c>: its time is that of the text held out, not of a start.
/// </summary>
[Verb("bench start", "Time a start: from the beginning of the process to train's first step, as one JSON line.")]
[Example("On the host, without looking for a GPU", "--backend host")]
internal sealed class BenchStartCommand : Command
{
    private const ulong Seed = 1;

    [Options]
    public BackendChoice Machine { get; init; } = new();

    public override int Run(CommandContext context)
    {
        var phases = new StartPhases();
        phases.End("runtime");

        var train = new TrainCommand();
        var lora = train.Lora;
        using var source = ModelSource.Open(null, Seed);
        var options = train.Training(source, lora);
        using var backend = Machine.Open();
        using var model = GptModel.Frozen(backend, source.Weights);
        phases.End("model");

        var tokenizer = source.Tokenizer(null);
        phases.End("tokenizer");

        var corpus = train.Text.Open(context.Error);
        phases.End("corpus");

        var (tokens, heldOut) = HoldOut.Split(corpus, tokenizer, TextSplit.HeldOut);
        phases.End("tokens");

        using var trainer = new LoraTrainer(model, lora, options, client: 0);
        trainer.Adapter.Initialise(LoraInitialisation.Inputs, Seed, client: 0);
        using var pass = new GptPass(model, backend, options.BatchSize, options.SequenceLength, PassKind.Lora, lora);
        double loss = trainer.Step(pass, new BatchSampler(tokens, options.SequenceLength, Seed, client: 0).Fill);
        backend.Synchronize();
        phases.End("step");
        double total = phases.Total;
        new Evaluator(pass).Evaluate(new EvaluationWindows(heldOut, options.SequenceLength), null);
        phases.End("evaluation");
        context.Out.WriteLine(JsonText.Line(new
        {
            peer = "loracollab",
            first_step_ms = Math.Round(total, 1),
            phases = phases.All.Select(p => new { phase = p.Name, ms = p.Ms, jit_ms = p.JitMs, methods = p.Methods }),
            loss,
            train_tokens = tokens.Length,
            validation_tokens = heldOut.Length,
            backend = backend.Description,
        }));
        return ExitCode.Success;
    }
}
