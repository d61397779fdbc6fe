namespace LoraCollab.Kernels.GradientChecks;

/// <summary>One element of a gradient, three ways.</summary>
/// <param name="Index">Place in the tensor, counted row by row.</param>
/// <param name="Found">As the backend under test computes it.</param>
/// <param name="Exact">By the same formulas in double.</param>
/// <param name="Difference">By central differences in double; null where the element was not sampled.</param>
/// <param name="RelativeError">The larger of |found − exact| and |exact − difference|, relative to |exact| or to the tensor's root mean square, whichever is
/// larger.</param>
public readonly record struct GradientElement(int Index, double Found, double Exact, double? Difference, double RelativeError);
