using CommandLine;

namespace LoraCollab.Cli.Options;

/// <summary>Where to compute, and with how many threads.</summary>
internal interface IBackendOptions
{
    [Option("backend", MetaValue = "NAME", HelpText = "Where to compute: auto (CUDA if there is a device, else host), reference, host, cuda, opencl, simulator. Default: auto.")]
    string? Backend { get; set; }

    [Option("threads", MetaValue = "N", HelpText = "Threads on the host; results do not depend on it. Default: all cores.")]
    string? Threads { get; set; }
}
