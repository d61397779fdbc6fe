namespace LoraCollab.Engine.Model;

public sealed partial class GptPass
{
    /// <summary>middle = input + drop(c_proj(attention(c_attn(ln_1(input))))).</summary>
    private void Attention(int layer)
    {
        var a = _blocks[layer];
        var block = Model.Blocks[layer];
        var projected = Shared(Activation.Projected);
        Normalise(a[Activation.Norm1], a[Activation.Mean1], a[Activation.Rstd1], a[Activation.Input], block.Norm1);
        Project(a[Activation.Qkv], a[Activation.Norm1], layer, Projection.AttnCAttn);
        Lane.Scope = block.AttentionScope;
        var (attended, qkv) = (a[Activation.Attended], a[Activation.Qkv]);
        if (_cache is null) Lane.Attention(attended, a[Activation.Lse], qkv, AttentionShape, _dropout.Attention(layer));
        else Lane.AttentionCached(attended, _cache.Keys(layer), _cache.Values(layer), qkv, _position, _length, Config.Heads, Config.HeadSize);
        Project(projected, attended, layer, Projection.AttnCProj);
        Lane.Scope = block.AttentionScope;
        AddToStream(a[Activation.Middle], a[Activation.Input], projected, _dropout.AttentionResidual(layer));
    }

    /// <summary>The lines of <see cref="Attention(int)"/> in reverse. False where nothing below wants a gradient.</summary>
    private bool AttentionBackward(int layer)
    {
        var a = _blocks[layer];
        var block = Model.Blocks[layer];
        // middle = input + drop(projected)
        Lane.Scope = block.AttentionScope;
        var dProjected = AddToStreamBackward(_dropout.AttentionResidual(layer));
        // projected = c_proj(attended)
        bool more = WantsInputGradient(layer, Projection.AttnCProj);
        var dAttended = more ? Shared(Activation.DInput) : default;
        ProjectBackward(dAttended, dProjected, a[Activation.Attended], layer, Projection.AttnCProj);
        if (!more) return false;
        // attended = attention(qkv)
        Lane.Scope = block.AttentionScope;
        var dQkv = Shared(Activation.DHidden).Slice(0, 3L * _rows * Config.Channels);
        Lane.AttentionBackward(dQkv, dAttended, a[Activation.Qkv], a[Activation.Attended], a[Activation.Lse], AttentionShape, _dropout.Attention(layer));
        // qkv = c_attn(ln_1(input))
        more = WantsInputGradient(layer, Projection.AttnCAttn);
        var dNorm = more ? Shared(Activation.DInput) : default;
        ProjectBackward(dNorm, dQkv, a[Activation.Norm1], layer, Projection.AttnCAttn);
        if (!more) return false;
        NormaliseBackward(dNorm, a[Activation.Mean1], a[Activation.Rstd1], a[Activation.Input], block.Norm1);
        return true;
    }

    private AttentionShape AttentionShape => new(_batch, _length, Config.Heads, Config.HeadSize);
}
