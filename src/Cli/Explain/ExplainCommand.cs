using Spectre.Console;

namespace LoraCollab.Cli.Explain;

[Verb("explain", "An op's formulas, shapes, cost and source, as in docs/kernels.md; without OP the list of them.", Operands = "[OP]")]
[Example("The card of attention", "attention")]
[Example("What it costs in GPT-2", "attention --model gpt2 --batch-size 4 --sequence-length 512")]
internal sealed class ExplainCommand : Command
{
    [Option("full", OptionGroup.Output, "The whole section: derivation, numbers to follow by hand, order of sums, traps.")]
    public bool Full { get; init; }

    [ModelOption]
    public string? Model { get; init; }

    [BatchSizeOption]
    public int BatchSize { get; init; } = 4;

    [SequenceLengthOption(Default = "64")]
    public int? SequenceLength { get; init; }

    public override int Run(CommandContext context)
    {
        if (Words.FirstOrDefault() is { } word) Explain(context, KernelPage.Find(word));
        else if (Full || WantsNumbers) throw new UsageException("explain: say which op", "loracollab explain lists them");
        else List(context);
        return ExitCode.Success;
    }

    private bool WantsNumbers => Model is not null || SequenceLength is not null || Given.Has("batch-size");

    private void List(CommandContext context)
    {
        if (Json)
        {
            context.Out.WriteLine(JsonText.Line(KernelPage.Sections.Select(s => new { name = s.Name, summary = s.Summary, ops = s.Ops, methods = s.Methods })));
            return;
        }
        int width = KernelPage.Sections.Max(s => s.Name.Length);
        foreach (var section in KernelPage.Sections)
            context.Out.WriteLine($"{section.Name.PadRight(width)}  {section.Summary}");
        if (!Quiet) context.Out.WriteLine("\nloracollab explain NAME shows one; its backward op's name, its method's or kernel's, or another word of the "
            + "field, such as cross-entropy, will do too.");
    }

    private void Explain(CommandContext context, OpSection section)
    {
        var numbers = WantsNumbers ? Numbers(section) : [];
        if (Json)
        {
            context.Out.WriteLine(JsonText.Line(new
            {
                name = section.Name,
                summary = section.Summary,
                ops = section.Ops,
                methods = section.Methods,
                forward = section.Field("forward"),
                backward = section.Field("backward"),
                shapes = section.Field("shapes"),
                cost = section.Field("cost"),
                source = section.Field("source"),
                section = Full ? section.Body : null,
                counted = numbers.Select(n => new
                {
                    work = n.Work,
                    ops = n.Ops.Select(o => new { op = o.Op, place = o.Place, calls = o.Calls, flops = o.Flops, bytes = o.Bytes })
                }),
            }));
            return;
        }
        context.Out.WriteLine($"{section.Name}: {section.Summary}\n");
        foreach (string line in section.Card) context.Out.WriteLine(line);
        if (Full) context.Out.WriteLine("\n" + PlainText.Of(section.Body, context.Terminal.Width));
        foreach (var work in numbers) Print(context.Terminal, work);
        if (WantsNumbers && numbers.Count == 0) context.Out.WriteLine("\nNo training step, evaluation or generation calls it: its cost is what the card says.");
    }

    private IReadOnlyList<OpNumbers> Numbers(OpSection section)
    {
        using var source = ModelSource.Open(Model, seed: 1);
        int length = source.Window(SequenceLength, 64);
        BatchSizeOptionAttribute.RequireAddressable(BatchSize, length);
        return OpNumbers.Of(section.Ops, source.Config, BatchSize, length);
    }

    private static void Print(Terminal terminal, OpNumbers numbers)
    {
        terminal.Out.WriteLine($"\n{char.ToUpperInvariant(numbers.Work[0])}{numbers.Work[1..]}:");
        var table = new Table { Border = TableBorder.Simple }.AddColumns("op", "place", "calls", "FLOPs a call", "bytes a call", "FLOPs/byte");
        foreach (var column in table.Columns) column.NoWrap();
        foreach (var column in table.Columns.Skip(2)) column.RightAligned();
        foreach (var op in numbers.Ops)
            table.AddRow(op.Op, Markup.Escape(op.Place), $"{op.Calls}", Format.Count(op.Flops), Format.Count(op.Bytes),
                Format.Fixed((double)op.Flops / op.Bytes));
        terminal.Ansi.Write(table);
    }
}
