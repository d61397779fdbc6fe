namespace LoraCollab.Federation.Runs;

/// <summary>The adapters that clients sent in a round, in a safetensors file; names are client_I.KEY with PEFT's keys. Who took no part is not in it.</summary>
public static class RoundFile
{
    /// <param name="clients">[M]: whose the adapters are.</param>
    /// <param name="adapters">[M][parameters].</param>
    /// <exception cref="UserException">The file cannot be written.</exception>
    public static void Write(string path, FlatLayout layout, IReadOnlyList<int> clients, IReadOnlyList<float[]> adapters) =>
        Safetensors.Write(path, [.. adapters.SelectMany((adapter, i) =>
            layout.Entries.Select(e => TensorWrite.Of(Name(clients[i], e), e.Shape, () => layout.Of(adapter, e.Name).ToArray())))]);

    /// <returns>[M][parameters]: of the given clients.</returns>
    /// <exception cref="UserException">The file is missing or damaged, or holds adapters of another form.</exception>
    public static float[][] Read(string path, FlatLayout layout, IReadOnlyList<int> clients)
    {
        using var file = SafetensorsFile.Open(path);
        var adapters = new float[clients.Count][];
        for (int i = 0; i < adapters.Length; i++)
        {
            adapters[i] = new float[layout.Length];
            foreach (var entry in layout.Entries)
            {
                var info = file[Name(clients[i], entry)];
                if (info.Length != entry.Length) throw new UserException($"{path}: tensor {info.Name} has {info.Length} elements, expected {entry.Length}");
                var values = layout.Of(adapters[i], entry.Name);
                file.Read(info.Name, values);
                foreach (float value in values)
                    if (!float.IsFinite(value))
                        throw new UserException($"{path}: tensor {info.Name} holds {value}; the file is damaged") { Remedy = Remedy.BeginAnew };
            }
        }
        return adapters;
    }

    private static string Name(int client, FlatLayout.Entry entry) => FormattableString.Invariant($"client_{client}.{entry.Name}");
}
