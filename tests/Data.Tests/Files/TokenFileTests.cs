namespace LoraCollab.Data.Tests;

public class TokenFileTests
{
    private static readonly string Hash = new('a', 64);

    [Theory]
    [InlineData(65_536, 64 + 2 * 3)]
    [InlineData(65_537, 64 + 4 * 3)]
    public void Write_AnyVocabulary_ReadsBackInTheSmallestWidth(int vocabulary, long size)
    {
        using var folder = new TemporaryFolder();
        string path = folder.At("sub/x.tokens");
        TokenFile.Write(path, new TokenFile([0, 65_535, 7], vocabulary, Hash));
        TokenFile file = TokenFile.Read(path);
        Assert.Equal([0, 65_535, 7], file.Tokens);
        Assert.Equal((vocabulary, Hash), (file.VocabularySize, file.TokenizerHash));
        Assert.Equal(size, new FileInfo(path).Length);
        Assert.Single(Directory.GetFiles(folder.At("sub")));
    }

    [Fact]
    public void Write_NoTokens_ReadsBackEmpty()
    {
        using var folder = new TemporaryFolder();
        TokenFile.Write(folder.At("x"), new TokenFile([], 10, Hash));
        Assert.Empty(TokenFile.Read(folder.At("x")).Tokens);
    }

    [Theory]
    [InlineData(10)]
    [InlineData(-1)]
    public void Write_IdBeyondTheVocabulary_NamesIt(int id)
    {
        using var folder = new TemporaryFolder();
        Assert.Contains($"token 1 has id {id}", Assert.Throws<UserException>(() => TokenFile.Write(folder.At("x"), new TokenFile([1, id], 10, Hash))).Message);
    }

    [Fact]
    public void Read_AnyTruncation_IsAUserError()
    {
        using var folder = new TemporaryFolder();
        TokenFile.Write(folder.At("x"), new TokenFile([1, 2, 3], 10, Hash));
        byte[] bytes = File.ReadAllBytes(folder.At("x"));
        for (int length = 0; length < bytes.Length; length++)
        {
            string path = folder.File("cut", bytes[..length]);
            Assert.Throws<UserException>(() => TokenFile.Read(path));
        }
        string longer = folder.File("longer", [.. bytes, 0]);
        Assert.Throws<UserException>(() => TokenFile.Read(longer));
    }

    [Theory]
    [InlineData(8, 2, "version 2")]
    [InlineData(12, 2, "beyond the vocabulary of 2")]
    [InlineData(16, 3, "3 bytes per token")]
    [InlineData(24, 99, "99 tokens")]
    [InlineData(31, 0x7F, "promises")]
    [InlineData(0, 0, "not a token file")]
    public void Read_ChangedHeader_SaysWhatIsWrong(int offset, byte value, string expected)
    {
        using var folder = new TemporaryFolder();
        TokenFile.Write(folder.At("x"), new TokenFile([1, 2, 3], 10, Hash));
        byte[] bytes = File.ReadAllBytes(folder.At("x"));
        bytes[offset] = value;
        string path = folder.File("changed", bytes);
        Assert.Contains(expected, Assert.Throws<UserException>(() => TokenFile.Read(path)).Message);
    }

    [Fact]
    public void Read_ManyTokens_AreTheSame()
    {
        using var folder = new TemporaryFolder();
        foreach (int vocabulary in new[] { 60_000, 70_000 })
        {
            int[] tokens = [.. Enumerable.Range(0, 700_001).Select(i => i * 31 % vocabulary)];
            TokenFile.Write(folder.At("x"), new TokenFile(tokens, vocabulary, Hash));
            Assert.Equal(tokens, TokenFile.Read(folder.At("x")).Tokens);
        }
    }

    [Fact]
    public void Read_HeaderThatPromisesMoreThanTheFile_AsksForNoMemory()
    {
        using var folder = new TemporaryFolder();
        TokenFile.Write(folder.At("x"), new TokenFile([1, 2, 3], 10, Hash));
        byte[] bytes = File.ReadAllBytes(folder.At("x"));
        System.Buffers.Binary.BinaryPrimitives.WriteInt64LittleEndian(bytes.AsSpan(24), 2_000_000_000);
        string path = folder.File("promising", bytes);
        long before = GC.GetAllocatedBytesForCurrentThread();
        Assert.Contains("promises 2000000000 tokens", Assert.Throws<UserException>(() => TokenFile.Read(path)).Message);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 1 << 20);
    }

    [Fact]
    public void Read_MissingFile_NamesIt()
    {
        using var folder = new TemporaryFolder();
        Assert.Contains("nothing.tokens", Assert.Throws<UserException>(() => TokenFile.Read(folder.At("nothing.tokens"))).Message);
        Assert.Throws<UserException>(() => TokenFile.Read(folder.Path));
    }

    [Fact]
    public void Write_FolderIsAFile_IsAUserError()
    {
        using var folder = new TemporaryFolder();
        string file = folder.File("file", "x");
        Assert.Throws<UserException>(() => TokenFile.Write(Path.Combine(file, "x.tokens"), new TokenFile([1], 10, Hash)));
    }
}
