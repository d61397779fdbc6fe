namespace LoraCollab.Cli.Options;

/// <summary>What --scheme means in the commands that have it; required in one of them.</summary>
internal static class SchemeOption
{
    public const string Help = "trust: weights; validation (--data with val.I.input_ids and val.I.targets [batches, B, T]); or prediction (ref.input_ids). "
        + "replay: whose trust to recompute, several by commas; default: every scheme of the run that mixes. "
        + "inspect trust: whose scores to take apart (theoretical, weights, validation, prediction), several by commas; default: each of them that ran. "
        + "inspect attention, logits: whose adapters; default: of lowest perplexity.";
}
