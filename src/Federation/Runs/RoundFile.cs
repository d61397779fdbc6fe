using LoraCollab.Data;
using LoraCollab.Engine;
using LoraCollab.Kernels;

namespace LoraCollab.Federation;

/// <summary>All clients' adapters of one moment in a safetensors file; names are client_I.KEY with PEFT's keys.</summary>
public static class RoundFile
{
    /// <exception cref="UserException">The file cannot be written.</exception>
    public static void Write(string path, FlatLayout layout, IReadOnlyList<float[]> adapters) =>
        Safetensors.Write(path, [.. adapters.SelectMany((adapter, i) => layout.Entries.Select(e => TensorWrite.Of(Name(i, e), e.Shape, () => layout.Of(adapter, e.Name).ToArray())))]);

    /// <returns>[N][parameters].</returns>
    /// <exception cref="UserException">The file is missing or damaged, or holds adapters of another form.</exception>
    public static float[][] Read(string path, FlatLayout layout, int clients)
    {
        using var file = SafetensorsFile.Open(path);
        var adapters = new float[clients][];
        for (int i = 0; i < clients; i++)
        {
            adapters[i] = new float[layout.Length];
            foreach (var entry in layout.Entries)
            {
                var info = file[Name(i, entry)];
                if (info.Length != entry.Length) throw new UserException($"{path}: tensor {info.Name} has {info.Length} elements, expected {entry.Length}");
                file.Read(info.Name, layout.Of(adapters[i], entry.Name));
            }
        }
        return adapters;
    }

    private static string Name(int client, FlatLayout.Entry entry) => FormattableString.Invariant($"client_{client}.{entry.Name}");
}
