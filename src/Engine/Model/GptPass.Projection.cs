namespace LoraCollab.Engine.Model;

public sealed partial class GptPass
{
    /// <summary>y = x·W + b + s·drop(x)·Aᵀ·Bᵀ, W the base's weight or the adapter's corrected one.</summary>
    private void Project(View y, View x, int layer, Projection projection)
    {
        var linear = Model.Blocks[layer][projection];
        Lane.Scope = linear.Name;
        Lane.MatMul(y, x, WeightOf(linear, layer, projection), linear.Bias, _rows);
        if (FactorsOf(layer, projection) is { IsEmpty: false } lora)
            Lane.Lora(y, AdapterRows(_blocks[layer].U(projection)), x, lora.A, lora.B, ShapeOf(layer, projection));
    }

    /// <summary>
    /// For y = x·W + b + s·drop(x)·Aᵀ·Bᵀ: dx = dy·Wᵀ + the adapter's part, where dx is wanted; db += Σ dy and dW += xᵀ·dy where the base is
    /// trained; dA, dB += where there is an adapter.
    /// </summary>
    private void ProjectBackward(View dx, View dy, View x, int layer, Projection projection)
    {
        var linear = Model.Blocks[layer][projection];
        Lane.Scope = linear.Name;
        if (_kind == PassKind.Full)
        {
            Lane.BiasBackward(linear.BiasGradient, dy, _rows, linear.Weight.OC);
            Lane.MatMulBackwardWeight(linear.WeightGradient, x, dy, _rows, linear.Weight.IC, linear.Weight.OC);
        }
        if (!dx.IsEmpty) Lane.MatMulBackwardInput(dx, dy, WeightOf(linear, layer, projection), _rows);
        if (FactorsOf(layer, projection) is { IsEmpty: false } lora)
            Lane.LoraBackward(dx, lora.AGradient, lora.BGradient, AdapterRows(Shared(Activation.DU)), dy, AdapterRows(_blocks[layer].U(projection)), x,
                lora.A, lora.B, ShapeOf(layer, projection));
    }

    /// <summary>True where something below this projection wants a gradient: the backward pass stops at the lowest adapter.</summary>
    private bool WantsInputGradient(int layer, Projection projection) =>
        _kind == PassKind.Full || layer > 0 || ((int)_adapter!.Options.Targets & ((1 << (int)projection) - 1)) != 0;

    private Matrix WeightOf(Linear linear, int layer, Projection projection) => _adapter?.Correction?[layer, projection] ?? linear.Weight;

    private LoraFactors FactorsOf(int layer, Projection projection) => _adapter is null ? default : _adapter[layer, projection];

    private LoraShape ShapeOf(int layer, Projection projection)
    {
        var (ic, oc) = Config.Size(projection);
        return new LoraShape(_rows, ic, oc, _adapter!.Options.Rank, (float)_adapter.Options.Scale, _dropout.Lora(projection, layer));
    }

    // A pass made for rank r also carries adapters of a smaller rank.
    private View AdapterRows(View u) => u.Slice(0, (long)_rows * _adapter!.Options.Rank);

    /// <summary>to = from + drop(projected): a block's half joins the stream.</summary>
    private void AddToStream(View to, View from, View projected, DropoutMask mask)
    {
        if (!to.IsSameAs(from)) Lane.Copy(to, from);
        Lane.AddDropout(to, projected, to.Length, mask);
    }

    /// <summary>The gradient of <c>projected</c> in to = from + drop(projected): the stream's own gradient, through the same mask.</summary>
    private View AddToStreamBackward(DropoutMask mask)
    {
        var dStream = Shared(Activation.DStream);
        if (mask.IsNone) return dStream;
        var dProjected = Shared(Activation.DProjected);
        Lane.Dropout(dProjected, dStream, dStream.Length, mask);
        return dProjected;
    }

    private void Normalise(View y, View mean, View rstd, View x, Norm norm)
    {
        Lane.Scope = norm.Name;
        Lane.LayerNorm(y, mean, rstd, x, norm.Gamma, norm.Beta, _rows, Config.Channels, Config.LayerNormEpsilon);
    }

    /// <summary>For y = norm(x): the stream's gradient += dy through the norm.</summary>
    private void NormaliseBackward(View dy, View mean, View rstd, View x, Norm norm)
    {
        Lane.Scope = norm.Name;
        Lane.LayerNormBackward(Shared(Activation.DStream), norm.GammaGradient, norm.BetaGradient, dy, x, mean, rstd, norm.Gamma, _rows, Config.Channels);
    }
}
