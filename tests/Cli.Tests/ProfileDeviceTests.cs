using System.Text.Json;

namespace LoraCollab.Cli.Tests;

/// <summary>What profile tells of the device beside times.</summary>
public sealed class ProfileDeviceTests
{
    [Theory]
    [InlineData("fill", ".entry Kernel_FillKernel")]
    [InlineData("TiledProductKernel", "bar.sync")]
    [InlineData("fill", "kernel void Kernel_FillKernel", "--backend", "opencl")]
    public void ShowCode_OfAKernel_IsPrintedWithoutADevice(string kernel, string expected, params string[] more)
    {
        var run = CliRun.Of(["profile", "--show-code", kernel, .. more]);
        Assert.True(run.ExitCode == 0, run.Error);
        Assert.Contains(expected, run.Out, StringComparison.Ordinal);
    }

    [Fact]
    public void ShowCode_AsJson_NamesLanguageAndSharedMemory()
    {
        var found = JsonDocument.Parse(CliRun.Of("profile", "--show-code", "tiledproduct", "--json").Out).RootElement;
        Assert.Equal("TiledProductKernel", found.GetProperty("kernel").GetString());
        Assert.Equal("ptx", found.GetProperty("language").GetString());
        Assert.Equal(2 * 16 * 65 * 4, found.GetProperty("shared_bytes").GetInt64());
        Assert.Contains(".shared", found.GetProperty("code").GetString());
    }

    [Fact]
    public void ShowCode_OfAnUnknownKernel_ListsAll() =>
        CliRun.Refused(["--show-code 'FilKernel': expected AdamWKernel, ", "TiledProductKernel", "did you mean FillKernel?"],
            "profile", "--show-code", "FilKernel");

    [Fact]
    public void ShowCode_OfTheHost_SaysWhichBackendsHaveCode() =>
        CliRun.Refused(["--backend 'host': expected auto, cuda, opencl"], "profile", "--show-code", "fill", "--backend", "host");

    [Fact]
    public void Memory_OfATraining_IsWhatWasEstimatedHereAndWithOtherSizes()
    {
        using var folder = new TemporaryFolder();
        var run = CliRun.Of("profile", "--memory", "--steps", "1", "--sequence-length", "16", "--batch-size", "2", "--threads", "1",
            "--backend", "host", "--out", folder.At("p"), "--json");
        Assert.True(run.ExitCode == 0, run.Error);
        var memory = JsonDocument.Parse(run.Out).RootElement.GetProperty("memory");
        long peak = memory.GetProperty("peak_bytes").GetInt64();
        var groups = memory.GetProperty("groups").EnumerateArray().ToDictionary(g => g.GetProperty("name").GetString()!, g => (
            Estimated: g.GetProperty("estimated_bytes").GetInt64(), Held: g.GetProperty("peak_bytes").GetInt64()));
        Assert.Equal(["base", "adapters", "optimiser", "activations", "scratch", "workspace"], groups.Keys);
        Assert.Equal(peak, groups.Values.Sum(g => g.Held));
        foreach (var (name, (estimated, held)) in groups) Assert.True(name == "workspace" || estimated == held, $"{name}: {estimated} estimated, {held} held");

        var points = memory.GetProperty("against").EnumerateArray().ToArray();
        Assert.Equal(["batch size", "sequence length", "clients"], points.Select(p => p.GetProperty("axis").GetString()).Distinct());
        var measured = points.Where(p => p.TryGetProperty("held_bytes", out _)).ToArray();
        Assert.True(measured.Length >= 3);
        foreach (var point in measured)
            Assert.InRange(point.GetProperty("estimate").EnumerateObject().Sum(g => g.Value.GetInt64())
                / (double)point.GetProperty("held_bytes").GetInt64(), 0.97, 1.03);
        // Eight clients: eight adapters of 4 · (128 + 384 + 128 + 128) numbers in four blocks, and as many for their gradients.
        var eight = points.Single(p => p.GetProperty("axis").GetString() == "clients" && p.GetProperty("size").GetInt32() == 8);
        Assert.Equal(8 * 2 * 4 * 4 * 4 * (128 + 384 + 128 + 128), eight.GetProperty("estimate").GetProperty("adapters").GetInt64());
        Assert.True(File.Exists(folder.At("p/memory.png")) && File.Exists(folder.At("p/memory.svg")));
    }

    [Fact]
    public void Memory_OfACollaboration_IsThePlans()
    {
        var run = CliRun.Of(["profile", "--collab", "--memory", "--clients", "3", "--schemes", "prediction", .. StandIns.Small[2..], "--steps", "2"]);
        Assert.True(run.ExitCode == 0, run.Error);
        string[] lines = run.Out.Split('\n');
        string[] Columns(string name) => lines.Single(l => l.TrimStart().StartsWith(name + "  ", StringComparison.Ordinal) && l.Contains("B  "))
            .Split("  ", StringSplitOptions.RemoveEmptyEntries);
        foreach (string group in new[] { "base", "adapters", "optimiser", "activations", "scratch" })
            Assert.Equal(Columns(group)[^3].Trim(), Columns(group)[^2].Trim());
    }
}
