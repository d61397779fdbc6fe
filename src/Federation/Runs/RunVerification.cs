using System.Text.Json;

namespace LoraCollab.Federation.Runs;

/// <summary>Whether the folder of a run of collab still holds what the run wrote, and whether the same run, made again, has the same bits.</summary>
public static class RunVerification
{
    /// <summary>True for a folder that a run of collab wrote.</summary>
    public static bool IsRun(string folder) => Checkpoints.Exist(folder)
        || (File.Exists(Path.Combine(folder, RunFiles.Config)) && !File.Exists(Path.Combine(folder, "model.safetensors")));

    /// <summary>Compares every file with the hash of what was written: of a finished run those of its result, else those its checkpoints rest on.</summary>
    public static FolderVerdict Of(string folder)
    {
        bool Has(string name) => File.Exists(Path.Combine(folder, name));
        // Hashes without a summary and without a checkpoint to make it from: the summary is gone.
        bool finished = Has(RunFiles.Summary) || (Has(FileHashes.FileName) && !Checkpoints.Exist(folder));
        var verdict = finished ? FolderVerdict.OfHashes("a finished run of collab", folder) ?? OfEarlierVersion(folder) : OfCheckpoints(folder);
        if (verdict.Faults.Any(f => f.File == RunFiles.Config)) return verdict;
        try
        {
            RunFolder.ReadIdentity(folder);
            return verdict;
        }
        catch (UserException e)
        {
            return verdict with { Faults = [(RunFiles.Config, FolderVerdict.Below(folder, RunFiles.Config, e)), .. verdict.Faults] };
        }
    }

    /// <summary>
    /// What two folders of one run hold different bits in: trust, adapters and bytes of every aggregation, losses and last adapters; wall times are no part
    /// of it.
    /// </summary>
    /// <returns>In the order in which a run writes them: where, and what differs; none: the bits are equal.</returns>
    public static IEnumerable<string> Differences(string stored, string again)
    {
        foreach (string log in RunFolder.Logs)
            if (FirstOther(Lines(stored, log), Lines(again, log)) is { } line) yield return $"{log}.jsonl, line {line + 1}: {Place(stored, again, log, line)}";
        foreach (string file in Tensors(stored).Union(Tensors(again)).Order(StringComparer.Ordinal))
        {
            string a = Path.Combine(stored, file), b = Path.Combine(again, file);
            // A run that was told to keep no rounds, or the last alone, has fewer.
            if (!File.Exists(a) && RunFiles.IsRound(file)) continue;
            if (!File.Exists(a) || !File.Exists(b)) yield return $"{file}: only one of the two runs has it";
            else if (FileHash.Of(a) != FileHash.Of(b)) yield return $"{file}: other numbers";
        }
    }

    private static FolderVerdict OfCheckpoints(string folder)
    {
        const string What = "a run of collab that was stopped";
        var faults = new List<(string, string)>();
        var notes = new List<string>();
        int files = 0;
        foreach (string index in Checkpoints.Indexes(folder).Where(File.Exists))
        {
            string name = FileHashes.NameOf(folder, index);
            try
            {
                var checkpoint = Checkpoint.Parse(index, TextFile.Read(index));
                files += checkpoint.Hashes?.Count ?? 0;
                if (checkpoint.Hashes is null) notes.Add($"{name}: an earlier version wrote it, without hashes");
                faults.AddRange(Checkpoints.Faults(folder, checkpoint).Except(faults));
            }
            catch (UserException e)
            {
                faults.Add((name, FolderVerdict.Below(folder, name, e)));
            }
        }
        if (!Checkpoints.Exist(folder)) notes.Add("it was stopped before its first checkpoint: there is nothing to check");
        return new FolderVerdict(What, files, faults, notes);
    }

    /// <summary>Without hashes files can only be held against each other.</summary>
    private static FolderVerdict OfEarlierVersion(string folder)
    {
        const string Note = "an earlier version wrote it, without hashes: that its files fit together was checked, not that their bits are what was written";
        foreach (string name in Tensors(folder))
            if (TensorFault(folder, name) is { } fault) return new FolderVerdict("a finished run of collab", 0, [(name, fault)], [Note]);
        try
        {
            RunRecord.Read(folder);
            return new FolderVerdict("a finished run of collab", 0, [], [Note]);
        }
        catch (UserException e)
        {
            string file = RunFolder.Logs.Select(log => log + ".jsonl")
                .Concat([RunFiles.Manifest, RunFiles.Summary, RunFiles.Comparators, RunRecord.AfterLocalFile])
                .FirstOrDefault(name => e.Message.StartsWith(Path.Combine(folder, name) + ":", StringComparison.Ordinal)) ?? RunFiles.Summary;
            return new FolderVerdict("a finished run of collab", 0, [(file, FolderVerdict.Below(folder, file, e))], [Note]);
        }
    }

    /// <summary>What is wrong with a file of tensors, as far as it tells itself: its form, or a number that is not finite; null: nothing.</summary>
    private static string? TensorFault(string folder, string name)
    {
        try
        {
            using var file = SafetensorsFile.Open(Path.Combine(folder, name));
            var odd = file.Tensors.FirstOrDefault(t => !file.Floats(t.Name).All(float.IsFinite));
            return odd is null ? null : $"tensor {ForeignText.Quoted(odd.Name)} holds a number that is not finite";
        }
        catch (UserException e)
        {
            return FolderVerdict.Below(folder, name, e);
        }
    }

    private static string[] Lines(string folder, string log)
    {
        string file = Path.Combine(folder, log + ".jsonl");
        return File.Exists(file) ? TextFile.Read(file).Split('\n') : [];
    }

    private static int? FirstOther(string[] a, string[] b)
    {
        int least = Math.Min(a.Length, b.Length), at = Enumerable.Range(0, least).FirstOrDefault(i => a[i] != b[i], -1);
        return at >= 0 ? at : a.Length != b.Length ? least : null;
    }

    private static string Place(string stored, string again, string log, int line)
    {
        string text = Lines(stored, log).Concat([""]).ElementAtOrDefault(line) is { Length: > 0 } own ? own : Lines(again, log).ElementAtOrDefault(line) ?? "";
        if (text.Length == 0) return "one of the two is shorter";
        try
        {
            using var json = JsonDocument.Parse(ForeignBytes.WholeCharacters(text));
            string Of(string key) =>
                json.RootElement.ValueKind == JsonValueKind.Object && json.RootElement.TryGetProperty(key, out var value)
                    ? ForeignText.Quoted(value.ToString()) : "?";
            return $"scheme {Of("scheme")}, iteration {Of("iteration")}";
        }
        catch (JsonException)
        {
            return "not a line of this program's making";
        }
    }

    private static IEnumerable<string> Tensors(string folder) => ((string[])["rounds", "adapters"])
        .Select(name => Path.Combine(folder, name)).Where(Directory.Exists)
        .SelectMany(below => Directory.EnumerateFiles(below, "*.safetensors", SearchOption.AllDirectories)).Select(file => FileHashes.NameOf(folder, file));
}
