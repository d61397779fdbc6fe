using LoraCollab.Engine;
using LoraCollab.Kernels;

namespace LoraCollab.Federation;

/// <summary>One of several places where clients are trained and evaluated side by side: an execution lane with its workspaces.</summary>
internal sealed class Lane : IDisposable
{
    private readonly ComputeBackend _backend;

    public Lane(GptModel model, int threads, LoraOptions lora, int trainBatch, int evaluationBatch, int sequenceLength)
    {
        _backend = model.Backend.CreateLane(threads);
        Training = new GptPass(model, _backend, trainBatch, sequenceLength, PassKind.Lora, lora);
        Evaluation = new GptPass(model, _backend, evaluationBatch, sequenceLength, PassKind.Forward, lora);
        Evaluator = new Evaluator(Evaluation);
        Predictions = new PublicPredictions(Evaluation);
    }

    public ComputeBackend Backend => _backend;

    /// <summary>Workspace of training steps.</summary>
    public GptPass Training { get; }

    /// <summary>Workspace of forward passes.</summary>
    public GptPass Evaluation { get; }

    public Evaluator Evaluator { get; }

    public PublicPredictions Predictions { get; }

    public void Dispose()
    {
        Predictions.Dispose();
        Training.Dispose();
        Evaluation.Dispose();
        _backend.Dispose();
    }
}
