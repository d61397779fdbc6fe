namespace LoraCollab.Engine.Model;

public sealed partial class GptPass
{
    /// <summary>output = middle + drop(c_proj(gelu(c_fc(ln_2(middle))))).</summary>
    private void Mlp(int layer)
    {
        var a = _blocks[layer];
        var block = Model.Blocks[layer];
        var projected = Shared(Activation.Projected);
        Normalise(a[Activation.Norm2], a[Activation.Mean2], a[Activation.Rstd2], a[Activation.Middle], block.Norm2);
        Project(a[Activation.Hidden], a[Activation.Norm2], layer, Projection.MlpCFc);
        Lane.Scope = block.MlpScope;
        Lane.Gelu(a[Activation.Gelu], a[Activation.Hidden], a[Activation.Hidden].Length, Config.Gelu);
        Project(projected, a[Activation.Gelu], layer, Projection.MlpCProj);
        Lane.Scope = block.MlpScope;
        AddToStream(a[Activation.Output], a[Activation.Middle], projected, _dropout.MlpResidual(layer));
    }

    /// <summary>The lines of <see cref="Mlp(int)"/> in reverse. False where nothing below wants a gradient.</summary>
    private bool MlpBackward(int layer)
    {
        var a = _blocks[layer];
        var block = Model.Blocks[layer];
        // output = middle + drop(projected)
        Lane.Scope = block.MlpScope;
        var dProjected = AddToStreamBackward(_dropout.MlpResidual(layer));
        // projected = c_proj(gelu)
        bool more = WantsInputGradient(layer, Projection.MlpCProj);
        var dHidden = more ? Shared(Activation.DHidden) : default;
        ProjectBackward(dHidden, dProjected, a[Activation.Gelu], layer, Projection.MlpCProj);
        if (!more) return false;
        // gelu = gelu(hidden)
        Lane.Scope = block.MlpScope;
        Lane.GeluBackward(dHidden, dHidden, a[Activation.Hidden], dHidden.Length, Config.Gelu);
        // hidden = c_fc(ln_2(middle))
        more = WantsInputGradient(layer, Projection.MlpCFc);
        var dNorm = more ? Shared(Activation.DInput) : default;
        ProjectBackward(dNorm, dHidden, a[Activation.Norm2], layer, Projection.MlpCFc);
        if (!more) return false;
        NormaliseBackward(dNorm, a[Activation.Mean2], a[Activation.Rstd2], a[Activation.Middle], block.Norm2);
        return true;
    }
}
