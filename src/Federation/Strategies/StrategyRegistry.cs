namespace LoraCollab.Federation.Strategies;

/// <summary>All strategies in the order of a table: one line each.</summary>
public static class StrategyRegistry
{
    public static IReadOnlyList<StrategyDeclaration> All { get; } =
    [
        Local.Declaration,
        FedAvg.Declaration,
        Theoretical.Declaration,
        WeightSimilarity.Declaration,
        ValidationPerformance.Declaration,
        PredictionSimilarity.Declaration,
        LearnedTrust.Declaration,
        FedAvgTokens.Declaration,
        FedProx.Declaration,
        FfaLora.Declaration,
        FedFomo.Declaration,
        FedAmp.Declaration,
        HeurFedAmp.Declaration,
        Ifca.Declaration,
        CoBo.Declaration,
        Ditto.Declaration,
        FedAvgM.Declaration,
        FedAdam.Declaration,
        NormClip.Declaration,
        CoordinateMedian.Declaration,
        TrimmedMean.Declaration,
        Krum.Declaration,
        FedEx.Declaration,
    ];

    public static IReadOnlyList<string> Names { get; } = NamesOf(_ => true);

    /// <summary>The paper's six.</summary>
    public static IReadOnlyList<string> Standard { get; } = NamesOf(d => d.IsOfThePaper);

    /// <summary>The baseline of everyone alone.</summary>
    public static string Solo { get; } = NamesOf(d => d.Role == StrategyRole.Solo).Single();

    /// <summary>The baseline of equal shares.</summary>
    public static string Mean { get; } = NamesOf(d => d.Role == StrategyRole.Mean).Single();

    /// <summary>The best that any trust could do.</summary>
    public static string Optimum { get; } = NamesOf(d => d.Role == StrategyRole.Optimum).Single();

    /// <summary>Names of those of which something holds, in the order of a table.</summary>
    public static IReadOnlyList<string> NamesOf(Func<StrategyDeclaration, bool> holds) => [.. All.Where(holds).Select(d => d.Name)];

    /// <summary>The strategy of that name; null: there is none.</summary>
    public static StrategyDeclaration? Find(string name) => All.FirstOrDefault(d => d.Name == name);

    /// <summary>Those of a run.</summary>
    /// <exception cref="OptionException">There is no strategy of such a name.</exception>
    public static IEnumerable<StrategyDeclaration> Of(CollaborationOptions options) => options.Schemes.Select(Get);

    /// <exception cref="OptionException">There is none of that name.</exception>
    public static IStrategy Create(string name, StrategyContext context) => Get(name).Create(context);

    private static StrategyDeclaration Get(string name) => Find(name) ?? throw OptionException.Unknown("schemes", name, Names);
}
