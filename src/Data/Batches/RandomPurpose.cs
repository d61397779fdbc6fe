namespace LoraCollab.Data.Batches;

/// <summary>What a <see cref="CounterRandom"/> is for. The numbers enter every result: never change or reuse one.</summary>
public enum RandomPurpose
{
    TrainingWindows = 1,
    DocumentOrder = 2,
    PieceOrder = 3,
    DirichletShares = 4,
    GeneratedWorld = 5,
    GeneratedDocuments = 6,
    TrustWindows = 7,
    PublicWindows = 8,
    PublicPositions = 9,
    EvaluationWindows = 10,
    BootstrapResamples = 11,
    UploadNoise = 12,
    Absence = 13,
    AttackNoise = 14,
}
