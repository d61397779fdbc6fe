namespace LoraCollab.Engine.Model;

public sealed partial class GptPass
{
    /// <summary>output = middle + drop(c_proj(gelu(c_fc(ln_2(middle))))).</summary>
    private void Mlp(int layer)
    {
        ref readonly var a = ref _blocks[layer];
        var block = Model.Blocks[layer];
        var projected = Rowwise(_head.Projected);
        Normalise(a.Norm2, a.Mean2, a.Rstd2, a.Middle, block.Norm2);
        Project(a.Hidden, a.Norm2, layer, Projection.MlpCFc);
        Lane.Scope = block.MlpScope;
        Lane.Gelu(a.Gelu, a.Hidden, a.Hidden.Length, Config.Gelu);
        Project(projected, a.Gelu, layer, Projection.MlpCProj);
        Lane.Scope = block.MlpScope;
        AddToStream(a.Output, a.Middle, projected, _dropout.MlpResidual(layer));
    }

    /// <summary>The lines of <see cref="Mlp(int)"/> in reverse. False where nothing below wants a gradient.</summary>
    private bool MlpBackward(int layer)
    {
        ref readonly var a = ref _blocks[layer];
        var block = Model.Blocks[layer];
        // output = middle + drop(projected)
        Lane.Scope = block.MlpScope;
        var dProjected = AddToStreamBackward(_dropout.MlpResidual(layer));
        // projected = c_proj(gelu)
        bool more = WantsInputGradient(layer, Projection.MlpCProj);
        var dHidden = more ? Rowwise(_head.DHidden) : default;
        ProjectBackward(dHidden, dProjected, a.Gelu, layer, Projection.MlpCProj);
        if (!more) return false;
        // gelu = gelu(hidden)
        Lane.Scope = block.MlpScope;
        Lane.GeluBackward(dHidden, dHidden, a.Hidden, dHidden.Length, Config.Gelu);
        // hidden = c_fc(ln_2(middle))
        more = WantsInputGradient(layer, Projection.MlpCFc);
        var dNorm = more ? Rowwise(_head.DInput) : default;
        ProjectBackward(dNorm, dHidden, a.Norm2, layer, Projection.MlpCFc);
        if (!more) return false;
        NormaliseBackward(dNorm, a.Mean2, a.Rstd2, a.Middle, block.Norm2);
        return true;
    }
}
