using Spectre.Console;

namespace LoraCollab.Cli.Commands;

[Verb("devices", "What this machine can compute on, and which device auto takes.")]
[Example("As JSON, for a script", "--json")]
internal sealed class DevicesCommand : Command
{

    public override int Run(CommandContext context)
    {
        var auto = Devices.Auto();
        var devices = Devices.All();
        if (Json)
            context.Out.WriteLine(JsonText.Line(devices.Select(d => new
            {
                backend = Name(d.Kind),
                name = d.Name,
                memory_bytes = d.MemoryBytes,
                warp_size = d.WarpSize,
                capable = d.Capable,
                reason = d.Reason,
                auto = d.Kind == auto,
            })));
        else
            Print(context.Terminal, devices, auto);
        return ExitCode.Success;
    }

    private static void Print(Terminal terminal, IReadOnlyList<DeviceDescription> devices, BackendKind auto)
    {
        var table = new Table { Border = TableBorder.Simple }.AddColumns("--backend", "device", "memory", "warp", "");
        table.Columns[2].RightAligned();
        table.Columns[3].RightAligned();
        foreach (var d in devices)
            table.AddRow(Name(d.Kind), Markup.Escape(d.Name), d.MemoryBytes > 0 ? Format.Bytes(d.MemoryBytes) : "", d.WarpSize > 0 ? $"{d.WarpSize}" : "",
                d.Kind == auto && d.Capable ? "[bold]auto takes this one[/]" : Markup.Escape(d.Reason));
        terminal.Ansi.Write(table);
    }

    private static string Name(BackendKind kind) => kind.ToString().ToLowerInvariant();
}
