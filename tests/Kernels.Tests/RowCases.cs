namespace LoraCollab.Kernels.Tests;

/// <summary>
/// Cases that compute the same rows twice: all together, and in three parts into operands named "… apart". A row's numbers must not depend on its neighbours:
/// else a client's training would depend on who shares its batch.
/// </summary>
internal static class RowCases
{
    private const int Rows = 33, IC = 48, OC = 130;

    public static IEnumerable<OpCase> All =>
        [.. Enum.GetValues<MatrixForm>().SelectMany(form => new[] { MatMul(form), Classifier(form) }), LayerNorm(), Gelu(), Lora(), Attention(), AdamW()];

    /// <summary>Runs on each part: the rows [0, 1), [1, 4) and [4, 33).</summary>
    private static Action<ComputeBackend, BoundCase> Apart(Action<ComputeBackend, Func<View, View>, BoundCase, int, int> run) => (k, o) =>
    {
        foreach (var (first, count) in new[] { (0, 1), (1, 3), (4, Rows - 4) })
            run(k, view => view.Slice(view.Length / Rows * first, view.Length / Rows * count), o, first, count);
    };

    private static OpCase MatMul(MatrixForm form) =>
        new OpCase($"matmul {form}", 0)
            .Output("y", Rows * OC).Output("y apart", Rows * OC).Output("dx", Rows * IC).Output("dx apart", Rows * IC)
            .Input("x", Rows * IC).Input("dy", Rows * OC).Weight("w", IC, OC, form).Input("bias", OC)
            .Forward("together", (k, o) =>
            {
                k.MatMul(o["y"], o["x"], o.Weight("w"), o["bias"], Rows);
                k.MatMulBackwardInput(o["dx"], o["dy"], o.Weight("w"), Rows);
            })
            .Forward("apart", Apart((k, part, o, _, count) =>
            {
                k.MatMul(part(o["y apart"]), part(o["x"]), o.Weight("w"), o["bias"], count);
                k.MatMulBackwardInput(part(o["dx apart"]), part(o["dy"]), o.Weight("w"), count);
            }));

    private static OpCase Classifier(MatrixForm form) =>
        new OpCase($"classifier {form}", 0)
            .Output("losses", Rows).Output("losses apart", Rows).Output("dx", Rows * IC).Output("dx apart", Rows * IC)
            .Input("x", Rows * IC).Weight("w", IC, OC, form).Ids("targets", CaseValues.Ids("row targets", Rows, OC))
            .Forward("together", (k, o) => k.Classifier(o["losses"], default, o["dx"], default, o["x"], o.Weight("w"), o.Ids("targets"), Rows, 0.5f))
            .Forward("apart", Apart((k, part, o, first, count) =>
                k.Classifier(part(o["losses apart"]), default, part(o["dx apart"]), default, part(o["x"]), o.Weight("w"),
                    o.Ids("targets").Slice(first, count), count, 0.5f)));

    private static OpCase LayerNorm() =>
        new OpCase("layernorm", 0)
            .Output("y", Rows * IC).Output("y apart", Rows * IC).Output("mean", Rows).Output("mean apart", Rows).Output("rstd", Rows).Output("rstd apart", Rows)
            .Input("zero", Rows * IC, 0).Output("dx", Rows * IC).Output("dx apart", Rows * IC)
            .Input("x", Rows * IC).Input("gamma", IC).Input("beta", IC).Input("dy", Rows * IC)
            .Forward("together", (k, o) =>
            {
                k.LayerNorm(o["y"], o["mean"], o["rstd"], o["x"], o["gamma"], o["beta"], Rows, IC, 1e-5f);
                k.Copy(o["dx"], o["zero"]);
                k.LayerNormBackward(o["dx"], default, default, o["dy"], o["x"], o["mean"], o["rstd"], o["gamma"], Rows, IC);
            })
            .Forward("apart", Apart((k, part, o, _, count) =>
            {
                k.LayerNorm(part(o["y apart"]), part(o["mean apart"]), part(o["rstd apart"]), part(o["x"]), o["gamma"], o["beta"], count, IC, 1e-5f);
                k.Copy(part(o["dx apart"]), part(o["zero"]));
                k.LayerNormBackward(part(o["dx apart"]), default, default, part(o["dy"]), part(o["x"]),
                    part(o["mean"]), part(o["rstd"]), o["gamma"], count, IC);
            }));

    /// <summary>Rows of seven: the parts end where no vector does.</summary>
    private static OpCase Gelu() =>
        new OpCase("gelu", 0)
            .Output("y", Rows * 7).Output("y apart", Rows * 7).Output("dx", Rows * 7).Output("dx apart", Rows * 7).Input("x", Rows * 7).Input("dy", Rows * 7)
            .Forward("together", (k, o) =>
            {
                k.Gelu(o["y"], o["x"], Rows * 7, GeluForm.Tanh);
                k.GeluBackward(o["dx"], o["dy"], o["x"], Rows * 7, GeluForm.Erf);
            })
            .Forward("apart", Apart((k, part, o, _, count) =>
            {
                k.Gelu(part(o["y apart"]), part(o["x"]), count * 7, GeluForm.Tanh);
                k.GeluBackward(part(o["dx apart"]), part(o["dy"]), part(o["x"]), count * 7, GeluForm.Erf);
            }));

    private static OpCase Lora()
    {
        static LoraShape Shape(int rows) => new(rows, IC, OC, 4, 2, DropoutMask.None); // a mask counts elements from the first row
        return new OpCase("lora", 0)
            .Input("zero", Rows * OC, 0).Output("y", Rows * OC).Output("y apart", Rows * OC).Output("u", Rows * 4).Output("u apart", Rows * 4)
            .Input("x", Rows * IC).Input("a", 4 * IC).Input("b", OC * 4)
            .Forward("together", (k, o) =>
            {
                k.Copy(o["y"], o["zero"]);
                k.Lora(o["y"], o["u"], o["x"], o["a"], o["b"], Shape(Rows));
            })
            .Forward("apart", Apart((k, part, o, _, count) =>
            {
                k.Copy(part(o["y apart"]), part(o["zero"]));
                k.Lora(part(o["y apart"]), part(o["u apart"]), part(o["x"]), o["a"], o["b"], Shape(count));
            }));
    }

    /// <summary>Here a row is a sequence of five positions.</summary>
    private static OpCase Attention()
    {
        static AttentionShape Shape(int sequences) => new(sequences, 5, 2, 8);
        int c = Shape(Rows).Rows * 16;
        return new OpCase("attention", 0)
            .Output("y", c).Output("y apart", c).Output("lse", Rows * 10).Output("lse apart", Rows * 10).Output("dqkv", 3 * c).Output("dqkv apart", 3 * c)
            .Input("qkv", 3 * c).Input("dy", c)
            .Forward("together", (k, o) =>
            {
                k.Attention(o["y"], o["lse"], o["qkv"], Shape(Rows), DropoutMask.None);
                k.AttentionBackward(o["dqkv"], o["dy"], o["qkv"], o["y"], o["lse"], Shape(Rows), DropoutMask.None);
            })
            .Forward("apart", Apart((k, part, o, _, count) =>
            {
                k.Attention(part(o["y apart"]), part(o["lse apart"]), part(o["qkv"]), Shape(count), DropoutMask.None);
                k.AttentionBackward(part(o["dqkv apart"]), part(o["dy"]), part(o["qkv"]), part(o["y"]), part(o["lse"]), Shape(count), DropoutMask.None);
            }));
    }

    /// <summary>Rows of seven again: one step over several adapters is the step of each.</summary>
    private static OpCase AdamW()
    {
        var step = new AdamWStep(2e-3, 0.9, 0.999, 1e-8, 0.01, 1, 0.7);
        return new OpCase("adamw", 0)
            .Input("zero", Rows * 7, 0).Input("gradient", Rows * 7)
            .Output("parameters", Rows * 7).Output("parameters apart", Rows * 7)
            .Output("m", Rows * 7).Output("m apart", Rows * 7)
            .Output("v", Rows * 7).Output("v apart", Rows * 7)
            .Forward("together", (k, o) =>
            {
                foreach (string name in new[] { "parameters", "m", "v", "parameters apart", "m apart", "v apart" }) k.Copy(o[name], o["zero"]);
                k.AdamW(o["parameters"], o["m"], o["v"], o["gradient"], step);
            })
            .Forward("apart", Apart((k, part, o, _, _) =>
                k.AdamW(part(o["parameters apart"]), part(o["m apart"]), part(o["v apart"]), part(o["gradient"]), step)));
    }
}
