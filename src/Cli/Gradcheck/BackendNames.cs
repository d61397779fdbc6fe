namespace LoraCollab.Cli.Gradcheck;

/// <summary>A backend's short name with its precision, for columns and legends.</summary>
internal static class BackendNames
{
    public static string Of(ComputeBackend backend) =>
        $"{backend.Kind.ToString().ToLowerInvariant()} {(backend.RealBytes == sizeof(double) ? "double" : "float32")}";
}
