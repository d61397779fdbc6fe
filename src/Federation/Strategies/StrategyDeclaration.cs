namespace LoraCollab.Federation.Strategies;

/// <summary>
/// All that can be said of a strategy before it runs. Plan, memory, rounds, ledger, option rules, explanations, statistics and pictures read it, so that none
/// of
/// them knows a strategy by its name.
/// </summary>
/// <param name="Name">On the command line and in files.</param>
/// <param name="Create">One that has seen nothing yet.</param>
public sealed record StrategyDeclaration(string Name, Func<StrategyContext, IStrategy> Create)
{
    public StrategyRole Role { get; init; } = StrategyRole.Other;

    public StrategyNeeds Needs { get; init; }

    public Traffic Traffic { get; init; } = Traffic.Adapters;

    /// <summary>False for those who train alone.</summary>
    public bool Mixes => Traffic != Traffic.None;

    /// <summary>One of the paper's six.</summary>
    public bool IsOfThePaper => Role is not (StrategyRole.Optimum or StrategyRole.Other);

    /// <summary>Numbers of its own.</summary>
    public IReadOnlyList<MethodNumber> Numbers { get; init; } = [];

    /// <summary>Where its scores go through a softmax; null: they are weights but for their sum.</summary>
    public SoftmaxRule? Softmax { get; init; }

    /// <summary>Where it takes forms of <see cref="SelfScore"/>.</summary>
    public SelfRule? Self { get; init; }

    /// <summary>Forms in which given adapters can be compared, the corrected one first; empty: it cannot be done without a run.</summary>
    public IReadOnlyList<(string Name, Func<CollaborationOptions, CollaborationOptions> Set)> Forms { get; init; } = [];

    /// <summary>Whether its scores can be taken apart by <see cref="IStrategy.Explain"/>.</summary>
    public bool IsExplained { get; init; }

    /// <summary>Why these options make no run with it; null: they do.</summary>
    public Func<CollaborationOptions, string?> Refuses { get; init; } = _ => null;
}

/// <summary>The part of a strategy in comparisons.</summary>
public enum StrategyRole
{
    /// <summary>The baseline of everyone alone.</summary>
    Solo,

    /// <summary>The baseline of equal shares.</summary>
    Mean,

    /// <summary>Knows the clients' true shares.</summary>
    Oracle,

    /// <summary>One of the paper's three that find out who is alike.</summary>
    Similarity,

    /// <summary>The best that any trust could do on the clients' own text.</summary>
    Optimum,

    /// <summary>Any other method.</summary>
    Other,
}

/// <summary>What a strategy cannot do without.</summary>
[Flags]
public enum StrategyNeeds
{
    None = 0,

    /// <summary>Categories of the data; of a run without it is left out.</summary>
    Categories = 1,

    /// <summary>A window of public text.</summary>
    PublicText = 2,

    /// <summary>Gradients at models that are not the client's own: a lane then holds one beside the adapter.</summary>
    Gradients = 4,

    /// <summary>No topology: everybody hears everybody.</summary>
    FullTopology = 8,

    /// <summary>One A that all clients start from.</summary>
    SharedA = 16,
}

/// <summary>How scores become weights by a softmax.</summary>
/// <param name="Temperature">τ under options whose forms are decided, where none is given.</param>
public sealed record SoftmaxRule(Func<CollaborationOptions, double> Temperature)
{
    /// <summary>Where it is as published, the temperature cannot be another than that.</summary>
    public Trap? Imposing { get; init; }
}

/// <summary>Which forms of one's own score a strategy takes.</summary>
/// <param name="Default">Under options whose forms are decided, where none is given.</param>
public sealed record SelfRule(Func<CollaborationOptions, SelfScore> Default)
{
    /// <summary>Why a form that was given is none under these options; null: it is one.</summary>
    public Func<CollaborationOptions, SelfScore, string?> Refuses { get; init; } = (_, _) => null;
}
