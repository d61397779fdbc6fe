using System.Text;

namespace LoraCollab.Federation.Runs;

/// <summary>A file of JSON lines that only grows; a resumed run first cuts it back to where its checkpoint left it.</summary>
public sealed class RunLog(string path)
{
    public string Path { get; } = path;

    /// <summary>Bytes so far.</summary>
    public long Length => File.Exists(Path) ? new FileInfo(Path).Length : 0;

    public void Append<T>(params IEnumerable<T> lines)
    {
        string text = string.Concat(lines.Select(line => RunJson.Line(line) + "\n"));
        Disk.Append(Path, Encoding.UTF8.GetBytes(text));
    }

    /// <summary>Drops everything after the first <paramref name="length"/> bytes.</summary>
    /// <exception cref="UserException">The file is shorter than that.</exception>
    public void CutTo(long length)
    {
        if (Length < length)
            throw new UserException($"{Path}: expected at least {length} bytes, found {Length}; the run cannot be resumed") { Remedy = Remedy.BeginAnew };
        if (Length > length) Disk.Cut(Path, length);
    }

    /// <summary>All lines.</summary>
    /// <exception cref="UserException">A line is not one of ours.</exception>
    public IReadOnlyList<T> Read<T>()
    {
        if (!File.Exists(Path)) return [];
        string[] lines = TextFile.Read(Path).Split('\n');
        return [.. lines.Take(lines[^1].Length == 0 ? lines.Length - 1 : lines.Length).Select((line, i) => RunJson.ParseLine<T>(Path, i + 1, line))];
    }
}
