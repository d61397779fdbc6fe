using static LoraCollab.Kernels.Ops.OperandRole;

namespace LoraCollab.Kernels.Ops;

public abstract partial class ComputeBackend
{
    /// <summary>
    /// The adapter's part of y = x·W + b + s·drop(x)·Aᵀ·Bᵀ (LoRA, arXiv:2106.09685):
    /// u[m, k] = Σ_i drop(x)[m, i] · A[k, i];  y[m, o] += s · Σ_k u[m, k] · B[o, k].
    /// Sizes: y [rows, OC], u [rows, r] (kept for the backward pass), x [rows, IC], A [r, IC], B [OC, r], as PEFT stores them.
    /// 2·rows·r·(IC + OC) FLOPs.
    /// </summary>
    public void Lora(View y, View u, View x, View a, View b, LoraShape shape)
    {
        RequireLora(y, u, x, a, b, shape, nameof(y));
        RequireApart(y, x, nameof(y));
        RequireApart(u, x, nameof(u));
        var call = Begin("lora", LoraFlops(shape), y,
            [new(nameof(y), y, Updated, shape.OC), new(nameof(u), u, Output, shape.Rank), new(nameof(x), x, Input, shape.IC),
             new(nameof(a), a, Input, shape.IC), new(nameof(b), b, Input, shape.Rank)]);
        LoraCore(y, u, x, a, b, shape);
        End(call);
    }

    /// <summary>
    /// Backward of <see cref="Lora"/>, for y[m, o] += s·Σ_k u[m, k]·B[o, k]:
    /// du[m, k] = s · Σ_o dy[m, o] · B[o, k];  dB[o, k] += s · Σ_m dy[m, o] · u[m, k];
    /// and for u = drop(x)·Aᵀ: dA[k, i] += Σ_m du[m, k] · drop(x)[m, i];  dx[m, i] += keep(m, i)/(1 − p) · Σ_k du[m, k] · A[k, i].
    /// Sizes as in the forward op; du [rows, r] is scratch. dx may be empty: then nothing below this adapter wants a gradient.
    /// 4·rows·r·(IC + OC) FLOPs (less 2·rows·r·IC without dx).
    /// </summary>
    public void LoraBackward(View dx, View da, View db, View du, View dy, View u, View x, View a, View b, LoraShape shape)
    {
        RequireLora(dy, u, x, a, b, shape, nameof(dy));
        RequireOptional(dx, (long)shape.Rows * shape.IC, nameof(dx));
        RequireSize(da, (long)shape.Rank * shape.IC, nameof(da));
        RequireSize(db, (long)shape.OC * shape.Rank, nameof(db));
        RequireSize(du, (long)shape.Rows * shape.Rank, nameof(du));
        RequireApart(dx, dy, nameof(dx));
        RequireApart(dx, x, nameof(dx));
        var call = Begin("lora_backward", 2 * LoraFlops(shape) - (dx.IsEmpty ? 2L * shape.Rows * shape.Rank * shape.IC : 0), da,
            [new(nameof(dx), dx, Updated, shape.IC), new(nameof(da), da, Updated, shape.IC), new(nameof(db), db, Updated, shape.Rank),
             new(nameof(du), du, Scratch, shape.Rank), new(nameof(dy), dy, Input, shape.OC), new(nameof(u), u, Input, shape.Rank),
             new(nameof(x), x, Input, shape.IC), new(nameof(a), a, Input, shape.IC), new(nameof(b), b, Input, shape.Rank)]);
        LoraBackwardCore(dx, da, db, du, dy, u, x, a, b, shape);
        End(call);
    }

    private static long LoraFlops(LoraShape s) => 2L * s.Rows * s.Rank * (s.IC + (long)s.OC);

    private static void RequireLora(View y, View u, View x, View a, View b, LoraShape shape, string output)
    {
        RequirePositive(shape.Rows, nameof(shape.Rows));
        RequirePositive(shape.Rank, nameof(shape.Rank));
        RequireSize(y, (long)shape.Rows * shape.OC, output);
        RequireSize(u, (long)shape.Rows * shape.Rank, nameof(u));
        RequireSize(x, (long)shape.Rows * shape.IC, nameof(x));
        RequireSize(a, (long)shape.Rank * shape.IC, nameof(a));
        RequireSize(b, (long)shape.OC * shape.Rank, nameof(b));
    }

    protected abstract void LoraCore(View y, View u, View x, View a, View b, LoraShape shape);
    protected abstract void LoraBackwardCore(View dx, View da, View db, View du, View dy, View u, View x, View a, View b, LoraShape shape);
}

/// <summary>Sizes and constants of one low-rank adapter.</summary>
/// <param name="Rows">Rows of the batch, B·T.</param>
/// <param name="IC">Inputs of the adapted weight.</param>
/// <param name="OC">Outputs of the adapted weight.</param>
/// <param name="Rank">r.</param>
/// <param name="Scale">α/r, or α/√r for rsLoRA.</param>
/// <param name="Dropout">Mask on the adapter's input, element m·IC + i; None outside training.</param>
public readonly record struct LoraShape(int Rows, int IC, int OC, int Rank, float Scale, DropoutMask Dropout);
