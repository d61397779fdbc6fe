namespace LoraCollab.Engine.Gradients;

/// <summary>One place on a gradient's way.</summary>
/// <param name="Op">The op; of a sum of two ways "+ around", the way around it, and "= sum".</param>
/// <param name="Scope">Where in the model.</param>
/// <param name="Tensor">Whose gradient comes out.</param>
/// <param name="In">Norm of what comes in; 1 at the loss.</param>
/// <param name="Out">Norm of what comes out of this op alone; of a sum of what both ways give together.</param>
/// <param name="Finding">What is wrong here; null where nothing is.</param>
public sealed record GradientPathRow(string Op, string Scope, string Tensor, double In, double Out, GradientFinding? Finding)
{
    /// <summary>The way around an op that adds to what is there.</summary>
    public const string Around = "+ around", Sum = "= sum";

    /// <summary>Out / In; NaN where nothing comes in.</summary>
    public double Factor => Out / In;

    /// <summary>Of a sum the cosine between its two parts; null elsewhere.</summary>
    public double? Cosine { get; init; }
}
