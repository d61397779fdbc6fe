namespace LoraCollab.Engine.Gradients;

/// <summary>
/// The way of one tensor's gradient from the loss down, through every op between. Where an op adds to what is there (a half block to the stream, an adapter to
/// its layer's input gradient) both ways are rows, and their sum is one more.
/// </summary>
/// <param name="Tensor">Full name.</param>
/// <param name="Rows">From the loss to the tensor.</param>
public sealed record GradientPath(string Tensor, IReadOnlyList<GradientPathRow> Rows)
{
    /// <summary>
    /// The first place where the gradient vanished, exploded or was not finite; what is no fault (B = 0 before the first step) comes last.
    /// </summary>
    public GradientFinding? First => Rows.Select(r => r.Finding).OfType<GradientFinding>().OrderByDescending(f => f.IsFault).FirstOrDefault();

    /// <summary>Norm of what arrives.</summary>
    public double Norm => Rows[^1].Out;

    /// <param name="report">One micro-batch is enough: the first is followed.</param>
    /// <param name="tensor">As in the checkpoint or adapter, with or without PEFT's prefix and ".weight", or an activation of the report.</param>
    /// <exception cref="UserException">There is no such tensor, or it has no gradient here.</exception>
    public static GradientPath Of(GradientReport report, string tensor)
    {
        string name = Find(report, tensor);
        int last = report.Way.Count - 1;
        while (last >= 0 && report.Way[last].To(name) is null) last--;
        if (last < 0) throw new UserException($"{tensor}: the backward pass ends before it");
        var rows = new List<GradientPathRow>();
        for (int i = 0; i <= last; i++)
        {
            var step = report.Way[i];
            // What its own layer does for other tensors is beside the way, not on it.
            bool beside = step.Scope == report.Way[last].Scope && step.To(name) is null;
            foreach (var write in step.Writes.OrderByDescending(w => w.Tensor == name))
                if (write.Tensor == name || (write.Kind == GradientKind.Activation && !beside && i < last)) AddRows(rows, report, step, write);
        }
        return new GradientPath(name, rows);
    }

    /// <summary>The same way with one row a half block above the tensor's own block.</summary>
    public GradientPath WithoutOpsAbove()
    {
        int? own = TensorNames.Layer(Tensor);
        bool Above(GradientPathRow row) => TensorNames.Layer(row.Scope) is { } layer && (own is null || layer > own);
        bool Kept(GradientPathRow row) => (row.Op == GradientPathRow.Sum && ActivationName.IsOfStream(row.Tensor)) || row.Finding is { IsFault: true };
        return this with { Rows = [.. Rows.Where(r => !Above(r) || Kept(r))] };
    }

    private static void AddRows(List<GradientPathRow> rows, GradientReport report, GradientStep step, GradientWrite write)
    {
        rows.Add(new GradientPathRow(step.Op, step.Scope, write.Tensor, step.Incoming, write.Own, GradientVerdict.Of(report, step, write)));
        if (write.Around == 0) return;
        rows.Add(new GradientPathRow(GradientPathRow.Around, step.Scope, write.Tensor, write.Around, write.Around, null));
        rows.Add(new GradientPathRow(GradientPathRow.Sum, step.Scope, write.Tensor, write.Around, write.After.Norm, null) { Cosine = write.Cosine });
    }

    private static string Find(GradientReport report, string tensor)
    {
        const string ending = ".weight";
        string bare = tensor.EndsWith(ending, StringComparison.Ordinal) ? tensor[..^ending.Length] : tensor;
        if (report.Tensors.FirstOrDefault(t => t.Name == tensor || t.Name == tensor + ending || t.ShortName == bare) is { } found) return found.Name;
        bool frozen = report.Scale is not null && !LoraLayout.IsA(bare + ending) && !LoraLayout.IsB(bare + ending);
        string[] examples = [.. report.Tensors.Select(t => t.ShortName).Where(n => n.EndsWith(bare.Split('.')[^1], StringComparison.Ordinal)).Take(3)];
        if (examples.Length == 0) examples = [.. report.Tensors.Select(t => t.ShortName).TakeLast(3)];
        string why = frozen ? ", since the base is frozen under an adapter: look at a training of the whole model" : "";
        throw new UserException($"{tensor}: there is no such tensor with a gradient{why}; there are for instance {string.Join(", ", examples)}");
    }
}

/// <summary>One place on a gradient's way.</summary>
/// <param name="Op">The op; of a sum of two ways "+ around", the way around it, and "= sum".</param>
/// <param name="Scope">Where in the model.</param>
/// <param name="Tensor">Whose gradient comes out.</param>
/// <param name="In">Norm of what comes in; 1 at the loss.</param>
/// <param name="Out">Norm of what comes out of this op alone; of a sum of what both ways give together.</param>
/// <param name="Finding">What is wrong here; null where nothing is.</param>
public sealed record GradientPathRow(string Op, string Scope, string Tensor, double In, double Out, GradientFinding? Finding)
{
    /// <summary>The way around an op that adds to what is there.</summary>
    public const string Around = "+ around", Sum = "= sum";

    /// <summary>Out / In; NaN where nothing comes in.</summary>
    public double Factor => Out / In;

    /// <summary>Of a sum the cosine between its two parts; null elsewhere.</summary>
    public double? Cosine { get; init; }
}
