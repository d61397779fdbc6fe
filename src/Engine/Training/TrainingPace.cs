namespace LoraCollab.Engine.Training;

/// <summary>How long a training is, and what happens on its way.</summary>
/// <param name="Iterations">Optimiser steps.</param>
/// <param name="EvalEvery">Iterations between evaluations; there is one after the last, too.</param>
/// <param name="CheckpointEvery">Iterations between checkpoints.</param>
/// <param name="WatchEvery">Iterations between looks at the gradient; 0: none.</param>
public sealed record TrainingPace(int Iterations, int EvalEvery, int CheckpointEvery, int WatchEvery);
