using CommandLine;
using CommandLine.Text;

namespace LoraCollab.Cli.Commands;

/// <summary>
/// Every gradient three ways: by the backend's kernels, by the same formulas in double, and by central differences in double. Exits with 1 where they disagree.
/// </summary>
[Verb("gradcheck", HelpText = "Analytic gradients against central differences, for every op, one op, a layer or a whole model.")]
internal sealed class GradcheckCommand : Command, IModelOption, ISeedOption, IOutOption, IBackendOptions
{
    [Option("op", MetaValue = "NAME",
        HelpText = "One op, such as attention_backward or attention, or one of its cases, such as 'gelu Tanh 33'. Default: all, a line each.")]
    public string? Op { get; set; }

    [Option("size", MetaValue = "NAME", HelpText = "Shapes of the ops: tiny (small and odd), spanning (several tiles, chunks and threads). Default: tiny.")]
    public string? Size { get; set; }

    [Option("layer", MetaValue = "NAME",
        HelpText = "gradcheck: the parameters of one kind of layer in a small random GPT-2, or in --model: embedding, norm, attention, mlp, adapter (a random one of all "
            + "projections), all. inspect attention: the number of a layer, from 0; default: all.")]
    public string? Layer { get; set; }

    [Option("tensors", MetaValue = "LIST", HelpText = "With --layer or --model: only tensors whose name contains one of these, such as h.0.attn,wpe.")]
    public string? Tensors { get; set; }

    [Option("elements", MetaValue = "N",
        HelpText = "Most elements of a tensor that are differenced; the backend is compared with double on all. Default: 24, with --model 4.")]
    public string? Elements { get; set; }

    [Option("top", MetaValue = "N", HelpText = "Rows of the list of what matters most. Default: 10.")]
    public string? Top { get; set; }

    public string? Model { get; set; }
    public string? Seed { get; set; }
    public string? Out { get; set; }
    public string? Backend { get; set; }
    public string? Threads { get; set; }

    [Usage(ApplicationAlias = "loracollab")]
    public static IEnumerable<Example> Examples =>
    [
        new("Every op", new GradcheckCommand { Backend = "host" }),
        new("One op, its worst elements, and what the step size does", new GradcheckCommand { Op = "gelu", Out = "gelu" }),
        new("All attention parameters of a small GPT-2", new GradcheckCommand { Layer = "attention" }),
        new("Some tensors of a model of your own", new GradcheckCommand { Model = "gpt2/", Tensors = "h.0.attn,ln_f", Elements = "2" }),
    ];

    public override int Run(CommandContext context)
    {
        bool whole = Layer is not null || Model is not null;
        Refuse(whole && Op is not null, "--op goes with neither --layer nor --model; give one of them");
        Refuse(whole && Size is not null, "--size is the size of ops; leave it out with --layer and --model");
        Refuse(!whole && Tensors is not null, "--tensors chooses parameters of a model; give --layer or --model too");
        int elements = Numbers.Whole("--elements", Elements, Model is null ? 24 : 4), top = Numbers.Whole("--top", Top, 10);
        ulong seed = Numbers.Seed("--seed", Seed, 1);
        var size = Choice.Of("--size", Size, CaseSize.Tiny, ("tiny", CaseSize.Tiny), ("spanning", CaseSize.Spanning));
        var choice = BackendChoice.Of(this);
        if (Out is not null) WritableFolder.Require(Out);
        using var backend = choice.Open();
        var found = whole ? ModelCheck.Run(this, choice, backend, elements, seed)
            : Op is null ? OpCheck.Every(size, backend, elements, seed) : OpCheck.Of(Op, size, backend, elements, seed);
        if (Json) context.Out.WriteLine(JsonText.Line(found.Json(top)));
        else Write(context.Terminal, found, top);
        if (Out is not null) found.Save(Out, top);
        if (Out is not null && !Json && !Quiet) context.Out.WriteLine($"written to {Out}");
        return found.Checks.All(c => c.Passed) ? ExitCode.Success : ExitCode.Failed;
    }

    private void Write(Terminal terminal, GradcheckResult found, int top)
    {
        if (!Quiet) Explain(terminal, found);
        if (Op is null && Layer is null && Model is null) GradientCheckTable.WriteOps(terminal, found.Checks);
        else
        {
            GradientCheckTable.WriteTensors(terminal, found.Checks);
            GradientCheckTable.WriteWorst(terminal, found.Checks, top);
            GradientCheckTable.WriteSweep(terminal, found.Sweeps, found.Own);
        }
        foreach (string line in found.Verdict) terminal.Out.WriteLine(line);
    }

    private static void Explain(Terminal terminal, GradcheckResult found)
    {
        terminal.Out.WriteLine($"{found.Subject} on {found.Backend}.");
        terminal.Out.WriteLine("To double: the backend's gradient beside the same formulas in double, ‖difference‖ / ‖gradient‖; at most what is allowed.");
        terminal.Out.WriteLine(FormattableString.Invariant(
            $"To differences: the gradient in double beside central differences of the forward pass in double; at most {GradientCheck.DifferenceTolerance:0e+00}."));
    }

    private static void Refuse(bool wrong, string message)
    {
        if (wrong) throw new UserException(message);
    }
}
