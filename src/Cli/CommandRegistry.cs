namespace LoraCollab.Cli;

/// <summary>All commands, in the order of the overview. A new command is one file and one line here.</summary>
internal static class CommandRegistry
{
    public static IReadOnlyList<(string Heading, Type[] Commands)> Groups { get; } =
    [
        ("Experiment",
        [
            typeof(CollabCommand),
            typeof(ReproduceCommand),
            typeof(SweepCommand),
            typeof(ControlsCommand),
            typeof(ReplayCommand),
            typeof(ReportCommand),
        ]),
        ("Look inside",
        [
            typeof(InspectGradientsCommand),
            typeof(InspectWhyCommand),
            typeof(InspectAttentionCommand),
            typeof(InspectLogitsCommand),
            typeof(InspectTrustCommand),
            typeof(ExplainCommand),
            typeof(ProfileCommand),
        ]),
        ("Train and use",
        [
            typeof(TrainCommand),
            typeof(PretrainCommand),
            typeof(TrainTokenizerCommand),
            typeof(EvalCommand),
            typeof(GenerateCommand),
            typeof(TokenizeCommand),
            typeof(PrepareCommand),
        ]),
        ("Check and time",
        [
            typeof(VerifyCommand),
            typeof(GradcheckCommand),
            typeof(DumpCommand),
            typeof(TrustCommand),
            typeof(DevicesCommand),
            typeof(BenchStepCommand),
            typeof(BenchRoundCommand),
            typeof(BenchGemmCommand),
            typeof(BenchGenerateCommand),
            typeof(BenchStartCommand),
            typeof(BenchScalingCommand),
            typeof(CompletionCommand),
        ]),
    ];

    public static IReadOnlyList<Type> All { get; } = [.. Groups.SelectMany(g => g.Commands)];

    public static IReadOnlyList<string> Verbs { get; } = [.. All.Select(t => VerbAttribute.Of(t).Name)];

    public static Type? Find(string verb) => All.FirstOrDefault(t => VerbAttribute.Of(t).Name == verb);
}
