namespace LoraCollab.Report.Plots;

/// <summary>Styles by name, so that a scheme looks the same in every picture, whatever else was run.</summary>
internal static class SchemeStyle
{
    /// <summary>The model without adapters: black.</summary>
    public const int Base = 6;

    /// <summary>Beyond all schemes: what another version of the program may have called one.</summary>
    private const int Unknown = 27;

    /// <summary>As of <see cref="Series"/>: the first colours for the paper's six, the same with other markers for the rest.</summary>
    public static int Of(string scheme) => StrategyRegistry.Names.TakeWhile(name => name != scheme).Count() switch
    {
        int place when place < Base => place,
        int place when place < StrategyRegistry.Names.Count => place + 1,
        _ => Unknown,
    };
}
