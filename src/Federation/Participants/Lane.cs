namespace LoraCollab.Federation.Participants;

/// <summary>One of several places where clients are trained and evaluated side by side: an execution lane with its workspaces.</summary>
internal sealed class Lane : IDisposable
{
    private readonly ComputeBackend _backend;
    private readonly LoraAdapter _peer;
    private LoraAdapter? _trainablePeer;

    public Lane(GptModel model, int threads, LoraOptions lora, int trainBatch, int evaluationBatch, int sequenceLength)
    {
        _backend = model.Backend.CreateLane(threads);
        _backend.Observer = model.Backend.Observer?.ForLane(_backend);
        Training = new GptPass(model, _backend, trainBatch, sequenceLength, PassKind.Lora, lora);
        Evaluation = new GptPass(model, _backend, evaluationBatch, sequenceLength, PassKind.Forward, lora);
        Evaluator = new Evaluator(Evaluation);
        _peer = new LoraAdapter(_backend, model.Config, lora, trainable: false);
        Predictions = new PublicPredictions(Evaluation);
    }

    public ComputeBackend Backend => _backend;

    /// <summary>Workspace of training steps.</summary>
    public GptPass Training { get; }

    /// <summary>Workspace of forward passes.</summary>
    public GptPass Evaluation { get; }

    public Evaluator Evaluator { get; }

    public PublicPredictions Predictions { get; }

    /// <summary>An adapter of this lane that holds the given numbers until the next call: a model that came from elsewhere.</summary>
    public LoraAdapter Peer(float[] adapter)
    {
        _peer.Set(adapter);
        return _peer;
    }

    /// <summary>The same with a gradient.</summary>
    public LoraAdapter TrainablePeer(float[] adapter)
    {
        _trainablePeer ??= new LoraAdapter(_backend, Training.Config, Training.LoraForm!, trainable: true);
        _trainablePeer.Set(adapter);
        return _trainablePeer;
    }

    public void Dispose()
    {
        _trainablePeer?.Dispose();
        _peer.Dispose();
        Predictions.Dispose();
        Training.Dispose();
        Evaluation.Dispose();
        _backend.Dispose();
    }
}
