namespace LoraCollab.Cli.Options;

/// <summary>Which model and which text, dealt how: what has to be opened again to go back to a run.</summary>
internal interface ISourceOptions : IModelOption, ITokenizerOption, ICorpusOptions, IPartitionOptions, IWorldOptions;
