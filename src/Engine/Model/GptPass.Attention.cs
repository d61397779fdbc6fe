namespace LoraCollab.Engine.Model;

public sealed partial class GptPass
{
    /// <summary>middle = input + drop(c_proj(attention(c_attn(ln_1(input))))).</summary>
    private void Attention(int layer)
    {
        ref readonly var a = ref _blocks[layer];
        var block = Model.Blocks[layer];
        var projected = Rowwise(_head.Projected);
        Normalise(a.Norm1, a.Mean1, a.Rstd1, a.Input, block.Norm1);
        Project(a.Qkv, a.Norm1, layer, Projection.AttnCAttn);
        Lane.Scope = block.AttentionScope;
        if (_cache is null) Lane.Attention(a.Attended, a.Lse, a.Qkv, AttentionShape, _dropout.Attention(layer));
        else Lane.AttentionCached(a.Attended, _cache.Keys(layer), _cache.Values(layer), a.Qkv, _position, _length, Config.Heads, Config.HeadSize);
        Project(projected, a.Attended, layer, Projection.AttnCProj);
        Lane.Scope = block.AttentionScope;
        AddToStream(a.Middle, a.Input, projected, _dropout.AttentionResidual(layer));
    }

    /// <summary>The lines of <see cref="Attention(int)"/> in reverse. False where nothing below wants a gradient.</summary>
    private bool AttentionBackward(int layer)
    {
        ref readonly var a = ref _blocks[layer];
        var block = Model.Blocks[layer];
        // middle = input + drop(projected)
        Lane.Scope = block.AttentionScope;
        var dProjected = AddToStreamBackward(_dropout.AttentionResidual(layer));
        // projected = c_proj(attended)
        bool more = WantsInputGradient(layer, Projection.AttnCProj);
        var dAttended = more ? Rowwise(_head.DInput) : default;
        ProjectBackward(dAttended, dProjected, a.Attended, layer, Projection.AttnCProj);
        if (!more) return false;
        // attended = attention(qkv)
        Lane.Scope = block.AttentionScope;
        var dQkv = _head.DHidden.Slice(0, 3L * _rows * Config.Channels);
        Lane.AttentionBackward(dQkv, dAttended, a.Qkv, a.Attended, a.Lse, AttentionShape, _dropout.Attention(layer));
        // qkv = c_attn(ln_1(input))
        more = WantsInputGradient(layer, Projection.AttnCAttn);
        var dNorm = more ? Rowwise(_head.DInput) : default;
        ProjectBackward(dNorm, dQkv, a.Norm1, layer, Projection.AttnCAttn);
        if (!more) return false;
        NormaliseBackward(dNorm, a.Mean1, a.Rstd1, a.Input, block.Norm1);
        return true;
    }

    private AttentionShape AttentionShape => new(_batch, _length, Config.Heads, Config.HeadSize);
}
