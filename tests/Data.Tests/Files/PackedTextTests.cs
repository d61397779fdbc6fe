using System.IO.Compression;
using System.Text;

namespace LoraCollab.Data.Tests;

public sealed class PackedTextTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Open_Gzip_IsReadAsWhatIsInIt()
    {
        byte[] one = Packed("{\"text\": \"one\"}\n"), two = Packed("{\"text\": \"two\"}\n");
        Assert.Equal(["one", "two"], Texts(_folder.File("x.jsonl.gz", [.. one, .. two])));
        Assert.Equal(["one"], Texts(_folder.File("plain.jsonl", one)));
        Assert.Equal(["one"], Texts(_folder.File("y.json.GZ", one)));
        Assert.Equal(["two"], Texts(_folder.File("z.jsonl.gz", "{\"text\": \"two\"}\n"u8.ToArray())));
        _folder.File("t/de.txt.gz", Packed("eins\nzwei\n"));
        _folder.File("t/fr.txt", "un\n");
        var corpus = Corpora.Open(_folder.At("t"));
        Assert.Equal(["de", "fr"], corpus.Categories);
        Assert.Equal(["eins", "zwei", "un"], corpus.Documents.Select(d => d.Text));
        _folder.File("a/train.csv.gz", Packed("1,a,b\n2,a,c\n3,a,d\n4,a,e\n"));
        Assert.Equal("agnews", Corpora.Open(_folder.At("a")).Name);
        _folder.File("w/de/wiki_00.gz", Packed("<doc id=\"1\">\nUlm\n</doc>\n"));
        Assert.Equal(["Ulm"], Texts(_folder.At("w")));
    }

    [Fact]
    public void Read_GzipThatIsNotWhole_IsRefused()
    {
        byte[] whole = Packed(string.Concat(Enumerable.Range(0, 3000).Select(i => $"line {i * 7919 % 1000}\n")));
        byte[] flipped = [.. whole];
        flipped[^6] ^= 1;
        byte[][] damaged =
            [whole[..(whole.Length / 2)], whole[..^1], whole[..^8], whole[..5], [.. whole, .. whole[..^9]],
             [.. whole, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11], flipped];
        foreach (byte[] bytes in damaged) Assert.Contains("gzip", Assert.Throws<UserException>(() => TextFile.Read(_folder.File("x.gz", bytes))).Message);
        Assert.Equal(TextFile.Read(_folder.File("x.gz", whole)).Length * 2, TextFile.Read(_folder.File("x.gz", [.. whole, .. whole])).Length);
    }

    [Fact]
    public void Read_GzipBomb_IsRefused() =>
        Assert.Contains("unpack to more than", Refused(() => TextFile.Read(_folder.File("x.gz", Packed(new string(' ', 20 << 20))))));

    [Theory]
    [InlineData("x.jsonl.xz", "FD377A585A00", "xz -dk x.jsonl.xz")]
    [InlineData("x.jsonl.zst", "28B52FFD", "zstd -d x.jsonl.zst")]
    [InlineData("x.jsonl.bz2", "425A6839", "bzip2 -dk x.jsonl.bz2")]
    [InlineData("x.zip", "504B0304", "unzip x.zip")]
    [InlineData("x.parquet", "50415231", "pandas.read_parquet('x.parquet')")]
    [InlineData("x.txt", "FFFE6100", "iconv -f UTF-16")]
    public void Open_OtherPackings_AreRefusedByNameWithWhatToDo(string name, string bytes, string expected)
    {
        string path = _folder.File("only/" + name, Convert.FromHexString(bytes));
        foreach (string spec in new[] { path, "jsonl:" + path, "file:" + path, _folder.At("only") })
        {
            string message = Assert.Throws<UserException>(() => Corpora.Open(spec)).Message;
            Assert.Contains(name, message);
            Assert.Contains(expected, message);
        }
    }

    [Fact]
    public void Open_GitLfsPointer_IsNamed()
    {
        string path = _folder.File("x.jsonl", "version https://git-lfs.github.com/spec/v1\noid sha256:0\nsize 5\n");
        Assert.Contains("git lfs pull", Refused(() => Corpora.Open(path)));
    }

    private static string Refused(Func<object> read) => Assert.Throws<UserException>(read).Message;

    private static string[] Texts(string spec) => [.. Corpora.Open(spec).Documents.Select(d => d.Text)];

    private static byte[] Packed(string text)
    {
        using var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionLevel.Optimal)) gzip.Write(Encoding.UTF8.GetBytes(text));
        return packed.ToArray();
    }
}
