using CommandLine;

namespace LoraCollab.Cli.Options;

/// <summary>How scores are computed and become weights.</summary>
internal interface ITrustOptions : ITemperatureOption
{
    [Option("threshold", MetaValue = "X", HelpText = "Scores at or below it are masked, but each row keeps its two best; also weights=X,validation=Y,prediction=Z. Default: none.")]
    string? Threshold { get; set; }

    [Option("neighbours", MetaValue = "K", HelpText = "Only the K best of each row take part, oneself counted. Default: all.")]
    string? Neighbours { get; set; }

    [Option("effective-neighbours", MetaValue = "X", HelpText = "Choose every row's temperature so that exp(entropy) of its trust is X. Default: off.")]
    string? EffectiveNeighbours { get; set; }

    [Option("topology", MetaValue = "NAME", HelpText = "Who may listen to whom: full, ring, star, regular:K. Default: full.")]
    string? Topology { get; set; }

    [Option("self", MetaValue = "FORM", HelpText = "Who counts as equal to oneself in schemes weights and prediction: scored (nobody), floor (the nearest other; floor:X whoever is within X), nearest (in each row the nearest and whoever is hardly farther, nearest:X none beyond X), fixed:X (a given score); or weights=FORM,prediction=FORM. Default: weights=nearest:0.92,prediction=nearest; floor where a form is no cosine (rowwise, js, l1), scored with --compat paper.")]
    string? Self { get; set; }

    [Option("weights-form", MetaValue = "FORM", HelpText = "The cosine of scheme weights: update (of the effective updates), rowwise, flat. Default: update.")]
    string? WeightsForm { get; set; }

    [Option("score-on", MetaValue = "WHAT", HelpText = "What scheme weights compares: round (what was learnt since the last mix) or adapter. Default: adapter.")]
    string? ScoreOn { get; set; }

    [Option("validation-form", MetaValue = "FORM", HelpText = "The score of scheme validation: loss or perplexity, negated. Default: loss.")]
    string? ValidationForm { get; set; }

    [Option("prediction-form", MetaValue = "FORM", HelpText = "How scheme prediction compares: change (1 - cosine of what training changed from the base), js (root of Jensen-Shannon) or l1 (of logits). Default: change.")]
    string? PredictionForm { get; set; }

    [Option("prediction-k", MetaValue = "K", HelpText = "Most probable tokens that are sent for a position in scheme prediction. Default: 100.")]
    string? PredictionK { get; set; }

    [Option("prediction-positions", MetaValue = "N", HelpText = "Positions of public text that scheme prediction compares: a number, last, all. Default: 512.")]
    string? PredictionPositions { get; set; }

    [Option("public-batches", MetaValue = "N", HelpText = "Public batches that scheme prediction draws each round. Default: 4.")]
    string? PublicBatches { get; set; }

    [Option("trust-batches", MetaValue = "N", HelpText = "Batches on which scheme validation judges a peer; a shorter text is read whole. Default: 12.")]
    string? TrustBatches { get; set; }

    [Option("method", MetaValue = "KEY=X", HelpText = "Numbers of methods beside the six, such as fedprox.mu=0.1; several with commas. Default: docs/methods.md.")]
    string? Method { get; set; }
}
