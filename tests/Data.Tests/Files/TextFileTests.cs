namespace LoraCollab.Data.Tests;

public class TextFileTests
{
    [Fact]
    public void Read_MarksAndLineEnds_StayAsTheyAre()
    {
        using var folder = new TemporaryFolder();
        Assert.Equal("\uFEFFa\r\nb", TextFile.Read(folder.File("x", [0xEF, 0xBB, 0xBF, (byte)'a', 13, 10, (byte)'b'])));
        Assert.Equal("a", TextFile.ReadContent(folder.File("y", [0xEF, 0xBB, 0xBF, (byte)'a'])));
    }

    [Fact]
    public void Read_NotUtf8_NamesTheByte()
    {
        using var folder = new TemporaryFolder();
        string path = folder.File("latin1.txt", [(byte)'a', 0xE9, (byte)'b']);
        string message = Assert.Throws<UserException>(() => TextFile.Read(path)).Message;
        Assert.Contains("not UTF-8", message);
        Assert.Contains("0xE9", message);
    }

    [Fact]
    public void Read_MissingFolderOrEmpty_IsAUserError()
    {
        using var folder = new TemporaryFolder();
        Assert.Contains("no such file", Assert.Throws<UserException>(() => TextFile.Read(folder.At("nothing"))).Message);
        Assert.Contains("folder", Assert.Throws<UserException>(() => TextFile.Read(folder.Path)).Message);
        string empty = folder.File("empty", "");
        Assert.Equal("", TextFile.Read(empty));
        Assert.Contains("empty", Assert.Throws<UserException>(() => TextFile.ReadContent(empty)).Message);
    }
}
