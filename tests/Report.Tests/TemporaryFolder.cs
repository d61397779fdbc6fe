namespace LoraCollab.Report.Tests;

/// <summary>A folder of a test's own, deleted at its end.</summary>
internal sealed class TemporaryFolder : IDisposable
{
    public TemporaryFolder() => Directory.CreateDirectory(Root);

    public string Root { get; } = Path.Combine(Path.GetTempPath(), "loracollab-report-" + Guid.NewGuid().ToString("N"));

    public string At(params string[] path) => Path.Combine([Root, .. path]);

    public void Dispose() => Directory.Delete(Root, recursive: true);
}
