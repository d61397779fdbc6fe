namespace LoraCollab.Engine.Model;

/// <summary>One linear layer y = x·W + b of the model; the gradients' views are empty where it is frozen.</summary>
/// <param name="Name">Path in the model, for scopes and messages: <c>h.3.attn.c_attn</c>.</param>
public sealed record Linear(string Name, Matrix Weight, View Bias, View WeightGradient, View BiasGradient);
