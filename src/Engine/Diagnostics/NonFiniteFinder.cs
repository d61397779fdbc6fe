using System.Globalization;

namespace LoraCollab.Engine.Diagnostics;

/// <summary>
/// Finds where a NaN or an infinity came from: first among the parameters, then by running the forward pass again and looking at the output of every op.
/// </summary>
public static class NonFiniteFinder
{
    /// <summary>The error that stops the run: step, loss and the first bad tensor.</summary>
    public static NonFiniteException Explain(
        GptPass pass, ReadOnlySpan<int> ids, int batch, LoraAdapter? adapter, DropoutDraw dropout, long step, double loss) =>
        Explain(pass, ids, batch, adapter, dropout, $"the loss is {Text(loss)} at step {step} (counted from 0)", "; a smaller learning rate may help");

    /// <summary>The same with other words: <paramref name="what"/> is not finite, and <paramref name="advice"/>.</summary>
    public static NonFiniteException Explain(
        GptPass pass, ReadOnlySpan<int> ids, int batch, LoraAdapter? adapter, DropoutDraw dropout, string what, string advice = "")
    {
        string tensor = (First(pass, ids, batch, adapter, dropout) ?? BadTensor.Loss).ToString();
        return new NonFiniteException($"{what}: the first bad tensor is {tensor}{advice}", tensor);
    }

    /// <summary>The first bad tensor on the way to the loss, or null where all are finite.</summary>
    public static BadTensor? First(GptPass pass, ReadOnlySpan<int> ids, int batch, LoraAdapter? adapter, DropoutDraw dropout) =>
        InAdapter(pass.Lane, adapter) ?? InModel(pass.Model) ?? InActivations(pass, ids, batch, adapter, dropout);

    /// <summary>The first bad element an op has written, as "y[3, 5] = NaN", or null.</summary>
    public static string? InOutputs(ComputeBackend lane, in OpCall call)
    {
        foreach (ref readonly var operand in call.Operands)
        {
            if (operand.Role == OperandRole.Input || operand.View.IsEmpty) continue;
            long i = lane.FirstNonFinite(operand.View);
            if (i < 0) continue;
            var value = new float[1];
            lane.Download(value.AsSpan(), operand.View.Slice(i, 1));
            return $"{operand.Name}[{(operand.Columns > 0 ? $"{i / operand.Columns}, {i % operand.Columns}" : i)}] = {Text(value[0])}";
        }
        return null;
    }

    private static BadTensor? InAdapter(ComputeBackend lane, LoraAdapter? adapter)
    {
        if (adapter is null) return null;
        var values = new float[adapter.Layout.Length];
        lane.Download(values.AsSpan(), adapter.Parameters);
        return adapter.Layout.Entries.Select(e => Bad(e.Name, adapter.Layout.Of(values, e.Name))).FirstOrDefault(found => found is not null);
    }

    private static BadTensor? InModel(GptModel model) => model.Layout.Entries.Select(e =>
    {
        var values = new float[e.Length];
        model.Read(e.Name, values);
        return Bad(e.Name, values);
    }).FirstOrDefault(found => found is not null);

    private static BadTensor? InActivations(GptPass pass, ReadOnlySpan<int> ids, int batch, LoraAdapter? adapter, DropoutDraw dropout)
    {
        var before = pass.Lane.Observer;
        var watch = new Watch(pass.Lane);
        pass.Lane.Observer = watch;
        try
        {
            // Any targets will do: what is looked for is a bad logit of any token, which spoils the sum over all.
            pass.Evaluate(ids, ids, batch, adapter, dropout);
        }
        finally
        {
            pass.Lane.Observer = before;
        }
        return watch.Found;
    }

    private static BadTensor? Bad(string name, ReadOnlySpan<float> values)
    {
        for (int i = 0; i < values.Length; i++)
            if (!float.IsFinite(values[i])) return new BadTensor(name, null, $"element {i} is {Text(values[i])}");
        return null;
    }

    /// <summary>True where no value is NaN or infinite.</summary>
    internal static bool IsFinite(ReadOnlySpan<float> values)
    {
        foreach (float value in values)
            if (!float.IsFinite(value)) return false;
        return true;
    }

    /// <summary>NaN, Infinity or -Infinity, whatever the machine's language.</summary>
    internal static string Text(double value) => value.ToString(CultureInfo.InvariantCulture);

    private sealed class Watch(ComputeBackend lane) : IOpObserver
    {
        public BadTensor? Found { get; private set; }

        public void Before(in OpCall call) { }

        public void After(in OpCall call)
        {
            if (Found is null && InOutputs(lane, call) is { } bad) Found = new BadTensor(call.Scope, call.Op, bad);
        }
    }
}

/// <summary>The first tensor that holds a NaN or an infinity: a parameter, or what an op wrote.</summary>
/// <param name="Name">The parameter, or the place where the op works: h.2.mlp.c_proj.</param>
/// <param name="Op">The op that wrote it; null for a parameter.</param>
/// <param name="Element">Which element it is, and what it holds; empty where no tensor before the loss is bad.</param>
public sealed record BadTensor(string Name, string? Op, string Element)
{
    /// <summary>Every tensor looked at is finite, and still the loss is not.</summary>
    public static BadTensor Loss { get; } = new("loss", null, "");

    public override string ToString() =>
        (Op is null ? Name : $"what {Op} in {Name} wrote") + (Element.Length > 0 ? $" ({Element})" : "");
}
