namespace LoraCollab.Data.Tests;

public sealed class FileHashesTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public FileHashesTests()
    {
        _folder.File("a.json", "{\"loss\": 1.5}\n");
        _folder.File("sub/b.bin", [1, 2, 3, 4, 5]);
    }

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Load_OfAnUntouchedFolder_FindsNoFault()
    {
        Hashes().Save(_folder.Path);
        var hashes = FileHashes.Load(_folder.Path)!;
        Assert.Equal(["a.json", "sub/b.bin"], hashes.Files.Keys);
        Assert.Equal(new FileHash(5, "74f81fe167d99b4cb41d6d0ccda82278caee9f3e2f25d5e5a3936ff3dcec60d0"), hashes.Files["sub/b.bin"]);
        Assert.Empty(hashes.Faults(_folder.Path));
    }

    [Fact]
    public void Load_OfAFolderWithout_IsNull() => Assert.Null(FileHashes.Load(_folder.Path));

    [Fact]
    public void Faults_EveryBitOfEveryFile_IsNoticed()
    {
        var hashes = Hashes();
        foreach (string name in hashes.Files.Keys)
            EveryBit(_folder.At(name), () =>
                Assert.Equal((name, "damaged: its SHA-256 is not that of what was written"), Assert.Single(hashes.Faults(_folder.Path))));
    }

    [Fact]
    public void Load_EveryBitOfItself_IsNoticed()
    {
        Hashes().Save(_folder.Path);
        string path = _folder.At(FileHashes.FileName);
        EveryBit(path, () => Assert.StartsWith(path, Assert.Throws<UserException>(() => FileHashes.Load(_folder.Path)).Message));
    }

    [Fact]
    public void Faults_ShorterLongerOrMissing_SaySo()
    {
        var hashes = Hashes();
        File.AppendAllText(_folder.At("a.json"), "\n");
        File.Delete(_folder.At("sub", "b.bin"));
        Assert.Equal([("a.json", "15 bytes long, 14 were written"), ("sub/b.bin", "missing")], hashes.Faults(_folder.Path));
        Assert.Equal([("sub/b.bin", "missing")], hashes.Faults(_folder.Path, grows: name => name == "a.json"));
        File.WriteAllText(_folder.At("a.json"), "{");
        Assert.Equal(("a.json", "1 bytes long, 14 were written"), hashes.Faults(_folder.Path, grows: _ => true).First());
    }

    [Theory]
    [InlineData("../a.json")]
    [InlineData("/etc/hostname")]
    [InlineData("sub//b.bin")]
    [InlineData("C:b.bin")]
    [InlineData("sub\\b.bin")]
    [InlineData("")]
    public void Load_NameThatLeadsOutOfTheFolder_IsRefused(string name)
    {
        var hashes = Hashes();
        hashes.Add(name, new FileHash(0, ""));
        hashes.Save(_folder.Path);
        Assert.Contains($"'{name}'", Assert.Throws<UserException>(() => FileHashes.Load(_folder.Path)).Message);
    }

    [Theory]
    [InlineData("{\n  \"files\": null\n}\n")]
    [InlineData("{\n  \"files\": {\n    \"a\": null\n  }\n}\n")]
    [InlineData("{\n  \"other\": {}\n}\n")]
    [InlineData("{\n  \"files\": {\n    \"a\": {\n      \"bytes\": 3\n    }\n  }\n}\n")]
    public void Load_SealedButOfAnotherForm_IsAUserError(string json)
    {
        string path = _folder.File(FileHashes.FileName, SealedJson.Seal(json));
        Assert.StartsWith(path, Assert.Throws<UserException>(() => FileHashes.Load(_folder.Path)).Message);
    }

    private FileHashes Hashes()
    {
        var hashes = new FileHashes();
        hashes.Add(_folder.Path, _folder.At("sub", "b.bin"));
        hashes.Add("a.json", FileHash.Of(File.ReadAllBytes(_folder.At("a.json"))));
        return hashes;
    }

    private static void EveryBit(string path, Action check)
    {
        byte[] whole = File.ReadAllBytes(path);
        for (int bit = 0; bit < 8 * whole.Length; bit++)
        {
            byte[] damaged = [.. whole];
            damaged[bit / 8] ^= (byte)(1 << (bit % 8));
            File.WriteAllBytes(path, damaged);
            check();
        }
        File.WriteAllBytes(path, whole);
    }
}
