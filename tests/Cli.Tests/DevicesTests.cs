using System.Text.Json;

namespace LoraCollab.Cli.Tests;

public class DevicesTests
{
    [Fact]
    public void Devices_OnAnyMachine_ListsTheHostAndOneThatAutoTakes()
    {
        var run = CliRun.Of("devices", "--json");
        Assert.Equal(0, run.ExitCode);
        using var json = JsonDocument.Parse(run.Out);
        var devices = json.RootElement.EnumerateArray().ToArray();
        Assert.Contains(devices, d => d.GetProperty("backend").GetString() == "host");
        Assert.Contains(devices, d => d.GetProperty("auto").GetBoolean() && d.GetProperty("capable").GetBoolean());
    }

    [Fact]
    public void Devices_AsATable_NamesTheOneThatAutoTakes() => Assert.Contains("auto takes this one", CliRun.Of("devices").Out, StringComparison.Ordinal);
}
