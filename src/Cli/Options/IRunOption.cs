using CommandLine;

namespace LoraCollab.Cli.Options;

/// <summary>A run that is there.</summary>
internal interface IRunOption
{
    [Option("run", MetaValue = "DIR", HelpText = "The folder of a finished run, for report also of an experiment (reproduce, sweep); both report and replay require it. Where replay's model or data have moved, its other options say where they are.")]
    string? RunPath { get; set; }
}
