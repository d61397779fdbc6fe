using CommandLine;

namespace LoraCollab.Cli.Options;

/// <summary>Which of the presets in experiments/ to build on.</summary>
internal interface IPresetOptions
{
    [Option("family", MetaValue = "NAME", HelpText = "The preset of the data: news, languages, code (built in); agnews, multiwiki, codewiki (with --data); for reproduce also all: the three built in, its default.")]
    string? Family { get; set; }

    [Option("scale", MetaValue = "NAME", HelpText = "tiny (minutes), small (hours on a laptop), paper (the published protocol). Default: tiny.")]
    string? Scale { get; set; }

    [Option("no-report", HelpText = "Table only: no pages and pictures; report --run DIR makes them later.")]
    bool NoReport { get; set; }
}
