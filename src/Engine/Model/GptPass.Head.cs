namespace LoraCollab.Engine.Model;

public sealed partial class GptPass
{
    private readonly HeadActivations _head;

    /// <summary>What stands before and after the blocks, and the gradients of the one block the backward pass is in. Views of all rows.</summary>
    private readonly record struct HeadActivations(
        View Projected, View Norm, View Mean, View Rstd, View Losses,
        View DStream, View DInput, View DProjected, View DHidden, View DU);

    private HeadActivations CutHead(PassLayout layout)
    {
        return new HeadActivations(Find("projected"), Find("final_norm"), Find("final_mean"), Find("final_rstd"), Find("losses"),
            Find("d_stream"), Find("d_input"), Find("d_projected"), Find("d_hidden"), Find("d_u"));

        View Find(string name) => layout.Shared.Contains(name) ? layout.Shared.Of(_sharedBuffer, name) : default;
    }

    /// <summary>stream = drop(wte[ids] + wpe[positions]).</summary>
    private void Embed()
    {
        Lane.Scope = "embed";
        var x = _blocks[0].Input;
        Lane.Embedding(x, _ids, Model.TokenTable, Model.Positions, _batch, _length, _position);
        if (!_dropout.Embedding.IsNone) Lane.Dropout(x, x, x.Length, _dropout.Embedding);
    }

    /// <summary>Of stream = drop(wte[ids] + wpe[positions]): dwte[ids] += and dwpe += the stream's gradient through the mask.</summary>
    private void EmbedBackward()
    {
        Lane.Scope = "embed";
        var dx = Rowwise(_head.DStream);
        if (!_dropout.Embedding.IsNone) Lane.Dropout(dx, dx, dx.Length, _dropout.Embedding);
        Lane.EmbeddingBackward(Model.GradientOf("wte.weight"), Model.GradientOf("wpe.weight"), _ids, dx, _batch, _length, Config.Channels);
    }

    private void FinalNorm() =>
        Normalise(Rowwise(_head.Norm), Rowwise(_head.Mean), Rowwise(_head.Rstd), _blocks[^1].Output, Model.FinalNorm);

    /// <summary>The gradient of <see cref="FinalNorm"/>'s input begins the stream's gradient.</summary>
    private void FinalNormBackward()
    {
        Lane.Scope = Model.FinalNorm.Name;
        Lane.Fill(Rowwise(_head.DStream), 0);
        NormaliseBackward(Rowwise(_head.DInput), Rowwise(_head.Mean), Rowwise(_head.Rstd), _blocks[^1].Output, Model.FinalNorm);
    }

    /// <summary>Cross-entropy of softmax(ln_f·W); on the way back also its gradient for ln_f's output and, in a full pass, for W.</summary>
    private LossSum Classify(ReadOnlySpan<int> targets, float gradientScale, bool backward)
    {
        if (targets.Length != _rows) throw new ArgumentException($"{targets.Length} targets for {_rows} rows", nameof(targets));
        RequireTokens(targets, -1, "target");
        var ids = _allTargets.Slice(0, _rows);
        var losses = Rowwise(_head.Losses);
        var argmax = _allArgmax.Slice(0, _rows);
        Lane.Scope = "lm_head";
        Lane.Upload(ids, targets);
        Lane.Classifier(losses, argmax, backward ? Rowwise(_head.DInput) : default, backward ? HeadGradient : default,
            Rowwise(_head.Norm), Model.Head, ids, _rows, gradientScale);
        Lane.Download(_losses.AsSpan(0, _rows), losses);
        Lane.Download(_argmax.AsSpan(0, _rows), argmax);
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
