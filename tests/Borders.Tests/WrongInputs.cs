using System.Diagnostics;

[assembly: AssemblyFixture(typeof(LoraCollab.Borders.Tests.WrongInputs))]

namespace LoraCollab.Borders.Tests;

/// <summary>The small inputs of ../shared/cases, made by its own script into a folder of this run.</summary>
public sealed class WrongInputs : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public WrongInputs()
    {
        if (!File.Exists(Script)) return;
        try
        {
            using var python = Process.Start(new ProcessStartInfo("python3", [Script, folder.Path, Path.Combine(Shared.Repository, "models", "tiny")])
            {
                RedirectStandardOutput = true,
                RedirectStandardError = true,
            })!;
            string error = python.StandardError.ReadToEnd();
            python.WaitForExit();
            Missing = python.ExitCode == 0 ? null : error;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            Missing = "python3 is not here, which makes the inputs of ../shared/cases";
        }
    }

    /// <summary>Why there are none; null where there are.</summary>
    public string? Missing { get; } = "the folder ../shared/cases is not beside this checkout";

    private static string Script => Shared.Path("cases", "make.py");

    public string At(params string[] parts) => folder.At(parts);

    public void Dispose() => folder.Dispose();
}
