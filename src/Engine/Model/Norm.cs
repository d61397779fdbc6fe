namespace LoraCollab.Engine.Model;

/// <summary>One LayerNorm of the model; the gradients' views are empty where it is frozen.</summary>
/// <param name="Name">Path in the model, for scopes and messages: <c>h.3.ln_1</c>.</param>
public sealed record Norm(string Name, View Gamma, View Beta, View GammaGradient, View BetaGradient);
