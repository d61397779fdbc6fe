using System.Reflection;
using CommandLine;

namespace LoraCollab.Cli;

/// <summary>All commands, in the order of the overview. A new command is one file and one line here.</summary>
internal static class CommandRegistry
{
    public static IReadOnlyList<Type> All { get; } =
    [
        typeof(CollabCommand),
        typeof(ReproduceCommand),
        typeof(SweepCommand),
        typeof(ControlsCommand),
        typeof(ReplayCommand),
        typeof(ReportCommand),
        typeof(VerifyCommand),
        typeof(TrainCommand),
        typeof(PretrainCommand),
        typeof(EvalCommand),
        typeof(GenerateCommand),
        typeof(PrepareCommand),
        typeof(TrainTokenizerCommand),
        typeof(DevicesCommand),
        typeof(TokenizeCommand),
        typeof(DumpCommand),
        typeof(TrustCommand),
        typeof(ProfileCommand),
        typeof(GradcheckCommand),
        typeof(InspectGradientsCommand),
        typeof(InspectAttentionCommand),
        typeof(InspectLogitsCommand),
        typeof(InspectTrustCommand),
        typeof(InspectWhyCommand),
        typeof(ExplainCommand),
        typeof(BenchStepCommand),
        typeof(BenchRoundCommand),
        typeof(BenchGemmCommand),
        typeof(BenchGenerateCommand),
        typeof(BenchStartCommand),
        typeof(BenchScalingCommand),
    ];

    public static IReadOnlyList<string> Verbs { get; } = [.. All.Select(t => t.GetCustomAttribute<VerbAttribute>()!.Name)];

    public static Type? Find(string verb) => All.FirstOrDefault(t => t.GetCustomAttribute<VerbAttribute>()!.Name == verb);
}
