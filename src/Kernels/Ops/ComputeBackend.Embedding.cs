using static LoraCollab.Kernels.Ops.OperandRole;

namespace LoraCollab.Kernels.Ops;

public abstract partial class ComputeBackend
{
    /// <summary>
    /// x[b, t] = wte[ids[b, t]] + wpe[position + t]. The token table is given as the classifier's matrix W [C, V] (wte = Wᵀ), so that a tied table has one
    /// packed copy. Sizes: x [B, T, C], ids [B, T] each in [0, V), wpe [at least position + T, C]. B·T·C FLOPs.
    /// </summary>
    public void Embedding(View x, IntView ids, Matrix wte, View wpe, int b, int t, int position)
    {
        RequirePositive(b, nameof(b));
        RequirePositive(t, nameof(t));
        RequireSize(x, (long)b * t * wte.IC, nameof(x));
        RequireSize(ids, (long)b * t, nameof(ids));
        if (position < 0 || (long)(position + t) * wte.IC > wpe.Length)
            throw new ArgumentException($"positions {position}..{position + t} do not fit into the model's context of {wpe.Length / wte.IC}", nameof(position));
        RequireApart(x, wpe, nameof(x));
        var call = Begin("embedding", (long)b * t * wte.IC, x,
            [new(nameof(x), x, Output, wte.IC), new(nameof(ids), ids, Input, t), new(nameof(wte), wte), new(nameof(wpe), wpe, Input, wte.IC)],
            touchedBytes: 4L * t * ((2L * b + 1) * wte.IC + b));
        EmbeddingCore(x, ids, wte, wpe, b, t, position);
        End(call);
    }

    /// <summary>
    /// dwte[ids[b, t]] += dx[b, t]; dwpe[t] += Σ_b dx[b, t], positions from 0; rows of one token in the order of the batch.
    /// Sizes: dwte [V, C] row-major, dwpe [at least T, C], ids [B, T], dx [B, T, C]. 2·B·T·C FLOPs.
    /// </summary>
    public void EmbeddingBackward(View dwte, View dwpe, IntView ids, View dx, int b, int t, int c)
    {
        RequirePositive(b, nameof(b));
        RequirePositive(t, nameof(t));
        RequirePositive(c, nameof(c));
        RequireSize(ids, (long)b * t, nameof(ids));
        RequireSize(dx, (long)b * t * c, nameof(dx));
        if (dwte.Length % c != 0 || dwpe.Length < (long)t * c)
            throw new ArgumentException($"dwte {dwte} and dwpe {dwpe} must hold whole rows of {c} channels", nameof(dwte));
        var call = Begin("embedding_backward", 2L * b * t * c, dwte,
            [new(nameof(dwte), dwte, Updated, c), new(nameof(dwpe), dwpe, Updated, c), new(nameof(ids), ids, Input, t), new(nameof(dx), dx, Input, c)],
            touchedBytes: 4L * t * ((3L * b + 2) * c + b));
        EmbeddingBackwardCore(dwte, dwpe, ids, dx, b, t, c);
        End(call);
    }

    protected abstract void EmbeddingCore(View x, IntView ids, Matrix wte, View wpe, int b, int t, int position);
    protected abstract void EmbeddingBackwardCore(View dwte, View dwpe, IntView ids, View dx, int b, int t, int c);
}
