using System.Globalization;

namespace LoraCollab.Cli.Gradcheck;

/// <summary>
/// Every gradient three ways: by the backend's kernels, by the same formulas in double, and by central differences in double. Exits with 1 where they disagree.
/// </summary>
[Verb("gradcheck", "Analytic gradients against central differences, for every op, one op, a layer or a whole model.")]
[Example("Every op", "--backend host")]
[Example("One op, its worst elements, and what the step size does", "--op gelu --out gelu")]
[Example("All attention parameters of a small GPT-2", "--layers-of attention")]
[Example("Some tensors of a model of your own", "--model gpt2/ --tensors h.0.attn,ln_f --elements 2")]
internal sealed class GradcheckCommand : Command
{
    [Option("op", OptionGroup.Data, "One op, such as attention_backward or attention, or one of its cases, such as 'gelu Tanh 33'.", Value = "NAME",
        Default = "all, a line each")]
    public string? Op { get; init; }

    [Option("size", OptionGroup.Data, "Shapes of the ops: tiny (small and odd), spanning (several tiles, chunks and threads).", Value = "NAME")]
    public CaseSize Size { get; init; } = CaseSize.Tiny;

    [Option("layers-of", OptionGroup.Data, "The parameters of one kind of layer in a small random GPT-2, or in --model: embedding, norm, attention, mlp, "
        + "adapter (a random one of all projections), all.", Value = "KIND", Also = ["layer"])]
    public string? Layer { get; init; }

    [Option("tensors", OptionGroup.Data, "With --layers-of or --model: only tensors whose name contains one of these, such as h.0.attn,wpe.", Value = "LIST")]
    public string? Tensors { get; init; }

    [Option("elements", OptionGroup.Output, "Most elements of a tensor that are differenced; the backend is compared with double on all.", Least = 1,
        Default = "24, with --model 4")]
    public int? Elements { get; init; }

    [TopOption]
    public int Top { get; init; } = 10;

    [ModelOption(Default = "a random one that is smaller than the one that ships with the program")]
    public string? Model { get; init; }

    [SeedOption]
    public ulong Seed { get; init; } = 1;

    [OutOption]
    public string? Out { get; init; }

    [Options]
    public BackendChoice Machine { get; init; } = new();

    public override int Run(CommandContext context)
    {
        bool whole = Layer is not null || Model is not null;
        Refuse(whole && Op is not null, "--op goes with neither --layers-of nor --model; give one of them");
        Refuse(whole && Given.Has("size"), "--size is the size of ops; leave it out with --layers-of and --model");
        Refuse(!whole && Tensors is not null, "--tensors chooses parameters of a model; give --layers-of or --model too");
        int elements = Elements ?? (Model is null ? 24 : 4);
        if (Out is not null) WritableFolder.Require(Out);
        using var backend = Machine.Open();
        var found = whole ? ModelCheck.Run(this, backend, elements)
            : Op is null ? OpCheck.Every(Size, backend, elements, Seed) : OpCheck.Of(Op, Size, backend, elements, Seed);
        if (Json) context.Out.WriteLine(JsonText.Line(found.Json(Top)));
        else Write(context.Terminal, found);
        if (Out is not null) found.Save(Out, Top);
        if (Out is not null && !Json && !Quiet) context.Out.WriteLine($"written to {Out}");
        return found.Checks.All(c => c.Passed) ? ExitCode.Success : ExitCode.Failed;
    }

    private void Write(Terminal terminal, GradcheckResult found)
    {
        if (!Quiet) Explain(terminal, found);
        if (Op is null && Layer is null && Model is null) GradientCheckTable.WriteOps(terminal, found.Checks);
        else
        {
            GradientCheckTable.WriteTensors(terminal, found.Checks);
            GradientCheckTable.WriteWorst(terminal, found.Checks, Top);
            GradientCheckTable.WriteSweep(terminal, found.Sweeps, found.Own);
        }
        foreach (string line in found.Verdict) terminal.Out.WriteLine(line);
    }

    private static void Explain(Terminal terminal, GradcheckResult found)
    {
        terminal.Out.WriteLine($"{found.Subject} on {found.Backend}.");
        terminal.Out.WriteLine("To double: the backend's gradient beside the same formulas in double, ‖difference‖ / ‖gradient‖; at most what is "
            + "allowed.");
        terminal.Out.WriteLine("To differences: the gradient in double beside central differences of the forward pass in double; at most "
            + GradientCheck.DifferenceTolerance.ToString("0e+00", CultureInfo.InvariantCulture) + ".");
    }

    private static void Refuse(bool wrong, string message)
    {
        if (wrong) throw new UserException(message);
    }
}
