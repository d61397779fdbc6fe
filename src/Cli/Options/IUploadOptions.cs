using CommandLine;

namespace LoraCollab.Cli.Options;

/// <summary>How adapters are sent.</summary>
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
}
