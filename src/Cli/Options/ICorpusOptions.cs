using CommandLine;

namespace LoraCollab.Cli.Options;

/// <summary>Which text, and how JSON lines hold it.</summary>
internal interface ICorpusOptions : IDataOption
{
    [Option("text-field", MetaValue = "NAME",
        HelpText = "JSON lines: the field that holds the text, or the path to it, such as messages.0.content. Default: text.")]
    string? TextField { get; set; }

    [Option("category-field", MetaValue = "NAME",
        HelpText = "JSON lines: the field or path that holds the category; of a web address its domain counts. "
            + "Default: the first of category, label, domain, url that is there.")]
    string? CategoryField { get; set; }
}
