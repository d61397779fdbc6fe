namespace LoraCollab.Engine.Model;

public sealed partial class GptPass
{
    /// <summary>stream = drop(wte[ids] + wpe[positions]).</summary>
    private void Embed()
    {
        Lane.Scope = "embed";
        var x = _blocks[0][Activation.Input];
        Lane.Embedding(x, _ids, Model.TokenTable, Model.Positions, _batch, _length, _position);
        if (!_dropout.Embedding.IsNone) Lane.Dropout(x, x, x.Length, _dropout.Embedding);
    }

    /// <summary>Of stream = drop(wte[ids] + wpe[positions]): dwte[ids] += and dwpe += the stream's gradient through the mask.</summary>
    private void EmbedBackward()
    {
        Lane.Scope = "embed";
        var dx = Shared(Activation.DStream);
        if (!_dropout.Embedding.IsNone) Lane.Dropout(dx, dx, dx.Length, _dropout.Embedding);
        Lane.EmbeddingBackward(Model.GradientOf("wte.weight"), Model.GradientOf("wpe.weight"), _ids, dx, _batch, _length, Config.Channels);
    }

    private void FinalNorm() =>
        Normalise(Shared(Activation.FinalNorm), Shared(Activation.FinalMean), Shared(Activation.FinalRstd), _blocks[^1][Activation.Output], Model.FinalNorm);

    /// <summary>The gradient of <see cref="FinalNorm"/>'s input begins the stream's gradient.</summary>
    private void FinalNormBackward()
    {
        Lane.Scope = Model.FinalNorm.Name;
        Lane.Fill(Shared(Activation.DStream), 0);
        var x = _blocks[^1][Activation.Output];
        NormaliseBackward(Shared(Activation.DInput), Shared(Activation.FinalMean), Shared(Activation.FinalRstd), x, Model.FinalNorm);
    }

    /// <summary>Cross-entropy of softmax(ln_f·W); on the way back also its gradient for ln_f's output and, in a full pass, for W.</summary>
    private LossSum Classify(ReadOnlySpan<int> targets, float gradientScale, bool backward)
    {
        if (targets.Length != _rows) throw new ArgumentException($"{targets.Length} targets for {_rows} rows", nameof(targets));
        RequireTokens(targets, -1, "target");
        var ids = _allTargets.Slice(0, _rows);
        var losses = Shared(Activation.Losses);
        var argmax = _allArgmax.Slice(0, _rows);
        Lane.Scope = "lm_head";
        Lane.Write(ids, targets);
        Lane.Classifier(losses, argmax, backward ? Shared(Activation.DInput) : default, backward ? HeadGradient : default,
            Shared(Activation.FinalNorm), Model.Head, ids, _rows, gradientScale);
        Lane.Download(_losses.AsSpan(0, _rows), losses);
        // Training asks for the loss alone.
        if (!backward) Lane.Download(_argmax.AsSpan(0, _rows), argmax);
        return Sum(targets);
    }

    private View HeadGradient => _kind == PassKind.Full ? Model.GradientOf(Config.TiedHead ? "wte.weight" : "lm_head.weight") : default;

    private LossSum Sum(ReadOnlySpan<int> targets)
    {
        double nats = 0;
        int tokens = 0, correct = 0;
        for (int i = 0; i < targets.Length; i++)
        {
            if (targets[i] < 0) continue;
            nats += _losses[i];
            tokens++;
            if (_argmax[i] == targets[i]) correct++;
        }
        return new LossSum(nats, tokens, correct);
    }

    /// <summary>Losses of the last batch's rows, in nats; 0 where the target does not count.</summary>
    public ReadOnlySpan<double> RowLosses => _losses.AsSpan(0, _rows);
}
