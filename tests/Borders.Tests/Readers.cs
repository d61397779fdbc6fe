namespace LoraCollab.Borders.Tests;

/// <summary>Every reader of the program. One that is not here fails <see cref="ReaderListTests"/>.</summary>
internal static class Readers
{
    public static IReadOnlyList<ReaderCase> All { get; } = [.. DataReaders.All, .. ModelReaders.All, .. RunReaders.All];

    public static TheoryData<string> Names(IEnumerable<ReaderCase> cases) => [.. cases.Select(c => c.Name)];

    public static ReaderCase Named(string name) => All.Single(c => c.Name == name);
}
