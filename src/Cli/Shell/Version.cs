using System.Reflection;
using System.Runtime.InteropServices;

namespace LoraCollab.Cli.Shell;

/// <summary>What --version tells: release, commit, instruction set, runtime.</summary>
internal static class Version
{
    public static string Text => $"loracollab {Release} (commit {Commit}), {HostBackend.InstructionSet}, {RuntimeInformation.FrameworkDescription}, "
        + $"{RuntimeInformation.RuntimeIdentifier}";

    private static string Informational => typeof(Version).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion
        ?? "unknown";

    private static string Release => Informational.Split('+')[0];

    /// <summary>The commit the program was built from, or "unknown" for a build outside a repository.</summary>
    public static string Commit => Informational.Split('+') is [_, var commit] ? commit[..Math.Min(12, commit.Length)] : "unknown";
}
