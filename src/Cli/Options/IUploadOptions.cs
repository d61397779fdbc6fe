using CommandLine;

namespace LoraCollab.Cli.Options;

/// <summary>How adapters are sent, what is made of bad ones, and clients that fail.</summary>
internal interface IUploadOptions
{
    [Option("upload", MetaValue = "FORM", HelpText = "How an adapter is sent: float32, float16, int8 (a scale for each row), topk:SHARE (the largest changes, the rest later). Default: float32.")]
    string? Upload { get; set; }

    [Option("dp-clip", MetaValue = "C", HelpText = "Differential privacy: clip what a client changed since its last received adapter to this L2 norm. Default: off.")]
    string? DpClip { get; set; }

    [Option("dp-noise", MetaValue = "X", HelpText = "With --dp-clip: add Gaussian noise of X times the clipping norm to every number sent.")]
    string? DpNoise { get; set; }

    [Option("dp-delta", MetaValue = "X", HelpText = "With --dp-clip: the delta for which epsilon is reported. Default: 1e-5.")]
    string? DpDelta { get; set; }

    [Option("upload-check", MetaValue = "ON",
        HelpText = "Check every upload before it counts: finite, and its change within --upload-norm; on or off. Default: on.")]
    string? UploadCheck { get; set; }

    [Option("upload-norm", MetaValue = "K", HelpText = "How many times the round's median norm a client's change may have. Default: 10.")]
    string? UploadNorm { get; set; }

    [Option("on-bad-upload", MetaValue = "RULE",
        HelpText = "A bad upload: stop (the run, naming the client) or exclude (go on without the client). Default: stop.")]
    string? OnBadUpload { get; set; }

    [Option("absent", MetaValue = "SHARE", HelpText = "In every round this share of the clients, drawn anew, is silent: it neither sends nor receives, "
        + "and trains on. Default: none.")]
    string? Absent { get; set; }

    [Option("attack", MetaValue = "FORM", HelpText = "Clients that do harm: nan, scale:X (their change times X), signflip, noise:X (in its place noise of "
        + "X times its norm), shifted-text. Default: none.")]
    string? Attack { get; set; }

    [Option("attackers", MetaValue = "N", HelpText = "With --attack: the last how many clients do. Default: 1.")]
    string? Attackers { get; set; }
}
