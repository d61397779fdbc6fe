using static LoraCollab.Kernels.Ops.OperandRole;

namespace LoraCollab.Kernels.Ops;

public abstract partial class ComputeBackend
{
    /// <summary>
    /// Causal self-attention. Row (b, t) of qkv holds q, k, v, each C = NH·HS wide, head h at h·HS. Per sequence and head, for j ≤ i:
    /// s_ij = (q_i·k_j)/√HS, p_ij = exp(s_ij − lse_i), lse_i = log Σ_j exp s_ij, y_i = Σ_j drop(p)_ij·v_j.
    /// Sizes: y [B, T, C], lse [B, NH, T] (kept for the backward pass), qkv [B, T, 3C]. Never stores T×T for all heads.
    /// The mask's element is ((b·NH + h)·T + i)·T + j. 2·B·NH·T·(T+1)·HS FLOPs.
    /// </summary>
    public void Attention(View y, View lse, View qkv, AttentionShape shape, DropoutMask dropout)
    {
        RequireAttention(y, lse, qkv, shape);
        RequireApart(y, qkv, nameof(y));
        var call = Begin("attention", AttentionFlops(shape), y,
            [new(nameof(y), y, Output, shape.C), new(nameof(lse), lse, Output, shape.T), new(nameof(qkv), qkv, Input, 3 * shape.C)]);
        AttentionCore(y, lse, qkv, shape, dropout);
        End(call);
    }

    /// <summary>
    /// Backward of <see cref="Attention"/>, recomputing p_ij = exp(s_ij − lse_i) instead of storing it (FlashAttention-2, arXiv:2307.08691):
    /// δ_i = Σ_c dy_i·y_i per head; dv_j += Σ_i drop(p)_ij·dy_i; dp_ij = keep_ij/(1 − p_drop)·(dy_i·v_j); ds_ij = p_ij·(dp_ij − δ_i);
    /// dq_i = Σ_j ds_ij·k_j/√HS; dk_j = Σ_i ds_ij·q_i/√HS. Overwrites dqkv.
    /// Sizes: dqkv, qkv [B, T, 3C]; dy, y [B, T, C]; lse [B, NH, T]. 5·B·NH·T·(T+1)·HS FLOPs.
    /// </summary>
    public void AttentionBackward(View dqkv, View dy, View qkv, View y, View lse, AttentionShape shape, DropoutMask dropout)
    {
        RequireAttention(y, lse, qkv, shape);
        RequireSize(dqkv, 3L * shape.Rows * shape.C, nameof(dqkv));
        RequireSize(dy, (long)shape.Rows * shape.C, nameof(dy));
        RequireApart(dqkv, dy, nameof(dqkv));
        RequireApart(dqkv, qkv, nameof(dqkv));
        RequireApart(dqkv, y, nameof(dqkv));
        var call = Begin("attention_backward", AttentionFlops(shape) * 5 / 2, dqkv,
            [new(nameof(dqkv), dqkv, Output, 3 * shape.C), new(nameof(dy), dy, Input, shape.C), new(nameof(qkv), qkv, Input, 3 * shape.C),
             new(nameof(y), y, Input, shape.C), new(nameof(lse), lse, Input, shape.T)]);
        AttentionBackwardCore(dqkv, dy, qkv, y, lse, shape, dropout);
        End(call);
    }

    /// <summary>
    /// Attention of <paramref name="count"/> new positions of one sequence on all positions so far, for generation: first copies the new k and v into the cache
    /// at <paramref name="position"/>, then y_i = Σ_{j ≤ position+i} p_ij·v_j with the formula of <see cref="Attention"/>, no dropout. Sizes: y [count, C],
    /// keys and values [capacity, C], qkv [count, 3C]. 2·count·(2·position + count + 1)·C FLOPs.
    /// </summary>
    public void AttentionCached(View y, View keys, View values, View qkv, int position, int count, int nh, int hs)
    {
        long c = (long)nh * hs;
        RequirePositive(count, nameof(count));
        RequireSize(y, count * c, nameof(y));
        RequireSize(qkv, 3 * count * c, nameof(qkv));
        if (position < 0 || (position + count) * c > keys.Length || keys.Length != values.Length)
            throw new ArgumentException(
                $"positions {position}..{position + count} do not fit into the key/value cache of {keys.Length / c} positions",
                nameof(position));
        RequireApart(y, qkv, nameof(y));
        var call = Begin("attention_cached", 2L * count * (2L * position + count + 1) * c, y,
            [new(nameof(y), y, Output, (int)c), new(nameof(keys), keys, Updated, (int)c), new(nameof(values), values, Updated, (int)c),
             new(nameof(qkv), qkv, Input, 3 * (int)c)], touchedBytes: 8 * (position + count) * c + 16 * count * c);
        AttentionCachedCore(y, keys, values, qkv, position, count, nh, hs);
        End(call);
    }

    private static long AttentionFlops(AttentionShape s) => 2L * s.B * s.NH * s.T * (s.T + 1L) * s.HS;

    private static void RequireAttention(View y, View lse, View qkv, AttentionShape shape)
    {
        RequirePositive(shape.B, nameof(shape.B));
        RequirePositive(shape.T, nameof(shape.T));
        RequirePositive(shape.NH, nameof(shape.NH));
        RequirePositive(shape.HS, nameof(shape.HS));
        RequireSize(y, (long)shape.Rows * shape.C, nameof(y));
        RequireSize(lse, (long)shape.Rows * shape.NH, nameof(lse));
        RequireSize(qkv, 3L * shape.Rows * shape.C, nameof(qkv));
    }

    protected abstract void AttentionCore(View y, View lse, View qkv, AttentionShape shape, DropoutMask dropout);
    protected abstract void AttentionBackwardCore(View dqkv, View dy, View qkv, View y, View lse, AttentionShape shape, DropoutMask dropout);
    protected abstract void AttentionCachedCore(View y, View keys, View values, View qkv, int position, int count, int nh, int hs);
}

/// <summary>Sizes of causal self-attention: B sequences of T positions, NH heads of HS channels; C = NH·HS.</summary>
public readonly record struct AttentionShape(int B, int T, int NH, int HS)
{
    public int C => NH * HS;
    public int Rows => B * T;
}
