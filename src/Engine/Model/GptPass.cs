namespace LoraCollab.Engine.Model;

/// <summary>
/// One lane's workspace and the journey of one batch through GPT-2: embedding → L × {ln_1 → c_attn → attention → c_proj → add → ln_2 → MLP →
/// add} → ln_f → classifier, and back. Each half of a block stands in its own file, the backward method under its forward method. The base is only read;
/// any adapter of the pass's form can be given to each call. Nothing is allocated after construction.
/// </summary>
public sealed partial class GptPass : IDisposable
{
    private readonly int _maxRows;
    private readonly PassKind _kind;
    private readonly View _keptBuffer, _sharedBuffer;
    private readonly IntView _allIds, _allTargets, _allArgmax;
    private readonly Activations[] _blocks;
    private readonly double[] _losses;
    private readonly int[] _argmax;

    // The batch on its way: set by Start, read by every part of the pass.
    private int _batch, _length, _rows, _position;
    private IntView _ids;
    private LoraAdapter? _adapter;
    private DropoutDraw _dropout;
    private KeyValueCache? _cache;

    /// <param name="maxBatch">B, the most sequences of a batch.</param>
    /// <param name="length">T, the longest sequence; at most the model's context.</param>
    /// <param name="lora">The form of the adapters the pass will meet; null for none.</param>
    /// <exception cref="UserException">The sequences are longer than the model's context.</exception>
    public GptPass(GptModel model, ComputeBackend lane, int maxBatch, int length, PassKind kind, LoraOptions? lora = null)
    {
        if (length > model.Config.Context)
            throw new UserException($"a sequence length of {length} is over the model's context of {model.Config.Context}: shorten it");
        if (kind == PassKind.Lora && lora is null) throw new ArgumentException("a pass for adapter gradients needs the adapters' form", nameof(lora));
        if (kind == PassKind.Full && !model.Trainable) throw new ArgumentException("a frozen model has no gradients", nameof(kind));
        (Model, Lane, _kind, LoraForm) = (model, lane, kind, lora);
        (MaxBatch, MaxLength, _maxRows) = (maxBatch, length, checked(maxBatch * length));
        var layout = new PassLayout(Config, _maxRows, kind, lora);
        _keptBuffer = layout.Kept.Length == 0 ? default : lane.Allocate("activations", layout.Kept.Length * Config.Layers);
        _sharedBuffer = lane.Allocate("shared activations", layout.Shared.Length);
        _blocks = layout.Place(_keptBuffer, _sharedBuffer, Config.Layers);
        _allIds = lane.AllocateInts("ids", _maxRows);
        _allTargets = lane.AllocateInts("targets", _maxRows);
        _allArgmax = lane.AllocateInts("argmax", _maxRows);
        (_losses, _argmax) = (new double[_maxRows], new int[_maxRows]);
    }

    public GptModel Model { get; }
    public ComputeBackend Lane { get; }
    public GptConfig Config => Model.Config;

    /// <summary>The form of adapters this pass can carry, or null.</summary>
    public LoraOptions? LoraForm { get; }

    /// <summary>The most sequences of a batch.</summary>
    public int MaxBatch { get; }

    /// <summary>The longest sequence of a full batch.</summary>
    public int MaxLength { get; }

    /// <summary>
    /// The losses of a batch. <paramref name="ids"/> and <paramref name="targets"/> [B, T]; a target of −1 does not count. Dropout is off unless a draw
    /// is given.
    /// </summary>
    /// <exception cref="UserException">A token is outside the vocabulary.</exception>
    public LossSum Evaluate(ReadOnlySpan<int> ids, ReadOnlySpan<int> targets, int batch, LoraAdapter? adapter, DropoutDraw dropout = default)
    {
        Lane.Enter(OpPhase.Evaluation);
        Trunk(ids, batch, adapter, dropout);
        return Classify(targets, gradientScale: 0, backward: false);
    }

    /// <summary>
    /// The mean loss of a batch in nats, and <paramref name="scale"/> · ∂(mean loss)/∂θ added to the gradient of the adapter, or of the whole model in a
    /// full pass.
    /// </summary>
    /// <exception cref="UserException">A token is outside the vocabulary.</exception>
    public double Gradient(ReadOnlySpan<int> ids, ReadOnlySpan<int> targets, int batch, LoraAdapter? adapter, DropoutDraw dropout, double scale = 1)
    {
        if (_kind == PassKind.Forward || _kind == PassKind.Lora != adapter is not null)
            throw new InvalidOperationException($"a pass of kind {_kind} cannot compute gradients {(adapter is null ? "without" : "of")} an adapter");
        if (adapter is { Gradient.IsEmpty: true }) throw new ArgumentException("the adapter was made without a gradient", nameof(adapter));
        Lane.Enter(OpPhase.Forward);
        Trunk(ids, batch, adapter, dropout);
        Lane.Enter(OpPhase.Backward);
        int counted = targets.Length - targets.Count(EvaluationWindows.Ignored);
        double loss = Classify(targets, (float)(scale / Math.Max(counted, 1)), backward: true).Mean;
        FinalNormBackward();
        for (int l = Config.Layers - 1; l >= 0; l--)
            if (!MlpBackward(l) || !AttentionBackward(l)) return loss;
        EmbedBackward();
        return loss;
    }

    /// <summary>
    /// Everything below the classifier; <see cref="FinalNormOutput"/> then holds what it reads. With a cache, the new positions of one sequence.
    /// </summary>
    /// <exception cref="UserException">A token is outside the vocabulary.</exception>
    public void Trunk(ReadOnlySpan<int> ids, int batch, LoraAdapter? adapter, DropoutDraw dropout = default, KeyValueCache? cache = null)
    {
        Start(ids, batch, adapter, dropout, cache);
        Embed();
        for (int l = 0; l < Config.Layers; l++)
        {
            Attention(l);
            Mlp(l);
        }
        FinalNorm();
        if (cache is not null) cache.Count += _length;
    }

    /// <summary>Rows of the last batch, B·T.</summary>
    public int Rows => _rows;

    /// <summary>The stream before the first block [rows, C]; kept only where gradients are computed.</summary>
    public View Embedded => _blocks[0][Activation.Input];

    /// <summary>The stream after block <paramref name="layer"/> [rows, C]; kept only where gradients are computed.</summary>
    public View BlockOutput(int layer) => _blocks[layer][Activation.Output];

    /// <summary>ln_f of the stream [rows, C].</summary>
    public View FinalNormOutput => Shared(Activation.FinalNorm);

    public void Dispose()
    {
        if (!_keptBuffer.IsEmpty) _keptBuffer.Buffer.Dispose();
        _sharedBuffer.Buffer.Dispose();
        foreach (var ids in (ReadOnlySpan<IntView>)[_allIds, _allTargets, _allArgmax]) ids.Buffer.Dispose();
    }

    private void Start(ReadOnlySpan<int> ids, int batch, LoraAdapter? adapter, DropoutDraw dropout, KeyValueCache? cache)
    {
        if (ids.Length == 0 || ids.Length > _maxRows || batch < 1 || ids.Length % batch != 0)
            throw new ArgumentException($"{ids.Length} ids are no batch of {batch} sequences within {_maxRows} rows", nameof(ids));
        if (adapter is not null && (LoraForm is null || adapter.Options.Rank > LoraForm.Rank || (adapter.Options.Targets & ~LoraForm.Targets) != 0))
            throw new ArgumentException("the adapter's form is not the one this pass was made for", nameof(adapter));
        RequireTokens(ids, 0, "input");
        if (ids.Length != _rows)
            foreach (var block in _blocks) block.Cut(ids.Length, _maxRows);
        (_batch, _length, _rows) = (batch, ids.Length / batch, ids.Length);
        (_adapter, _dropout, _cache, _position) = (adapter, dropout, cache, cache?.Count ?? 0);
        _ids = _allIds.Slice(0, _rows);
        Lane.Write(_ids, ids);
    }

    private void RequireTokens(ReadOnlySpan<int> ids, int smallest, string what)
    {
        int worst = ids.IndexOfAnyExceptInRange(smallest, Config.Vocabulary - 1);
        if (worst >= 0)
            throw new UserException($"{what} token {ids[worst]} at position {worst} is outside the model's vocabulary of {Config.Vocabulary}: "
                + "were the text and the model made with the same tokenizer?");
    }

    private View Shared(Activation activation) => _blocks[0][activation];
}

/// <summary>What a pass keeps for.</summary>
public enum PassKind
{
    /// <summary>Forward only: all blocks share one set of activations.</summary>
    Forward,

    /// <summary>Gradients of an adapter over a frozen base.</summary>
    Lora,

    /// <summary>Gradients of every parameter of a trainable model.</summary>
    Full,
}

/// <summary>Next-token losses of a batch, summed in double in the order of the rows.</summary>
/// <param name="Nats">Σ of the losses.</param>
/// <param name="Tokens">Targets that count.</param>
/// <param name="Correct">Targets that were the most probable token.</param>
public readonly record struct LossSum(double Nats, int Tokens, int Correct)
{
    /// <summary>Mean loss in nats.</summary>
    public double Mean => Nats / Tokens;
}
