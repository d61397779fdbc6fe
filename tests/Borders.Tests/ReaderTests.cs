namespace LoraCollab.Borders.Tests;

/// <summary>Readers of data on many damaged files; the classes beside it run at the same time.</summary>
public sealed class DataReaderTests(Specimens specimens)
{
    public static TheoryData<string> Names => Readers.Names(DataReaders.All);

    [Theory]
    [MemberData(nameof(Names))]
    public void Reader_OfDamagedFiles_GivesAValueOrOneLine(string name) => DamagedReading.Require(Readers.Named(name), specimens);
}

/// <summary>Readers of models and adapters.</summary>
public sealed class ModelReaderTests(Specimens specimens)
{
    public static TheoryData<string> Names => Readers.Names(ModelReaders.All);

    [Theory]
    [MemberData(nameof(Names))]
    public void Reader_OfDamagedFiles_GivesAValueOrOneLine(string name) => DamagedReading.Require(Readers.Named(name), specimens);
}

/// <summary>Readers of runs.</summary>
public sealed class RunReaderTests(Specimens specimens)
{
    public static TheoryData<string> Names => Readers.Names(RunReaders.All);

    [Theory]
    [MemberData(nameof(Names))]
    public void Reader_OfDamagedFiles_GivesAValueOrOneLine(string name) => DamagedReading.Require(Readers.Named(name), specimens);
}
