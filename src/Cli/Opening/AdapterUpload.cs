using LoraCollab.Engine;
using LoraCollab.Kernels;

namespace LoraCollab.Cli.Opening;

/// <summary>Puts an adapter that was read from disk onto a backend.</summary>
internal static class AdapterUpload
{
    public static LoraAdapter Upload(this PeftAdapter file, ComputeBackend backend, GptConfig config, bool trainable = false)
    {
        var adapter = new LoraAdapter(backend, config, file.Options, trainable);
        adapter.Upload(file.Values);
        return adapter;
    }
}
