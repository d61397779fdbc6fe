namespace LoraCollab.Federation.Exchange;

/// <summary>All codecs by name: one line each.</summary>
public static class UploadCodecs
{
    /// <summary>What is sent where nothing else is asked for.</summary>
    public const string Default = "float32";

    private static readonly (string Name, string Form, Func<FlatLayout, string, IUploadCodec?> Create)[] Registry =
    [
        ("float32", "float32", (_, value) => value.Length == 0 ? new Float32Codec() : null),
        ("float16", "float16", (_, value) => value.Length == 0 ? new Float16Codec() : null),
        ("int8", "int8", (layout, value) => value.Length == 0 ? new Int8Codec(layout) : null),
        ("topk", "topk:SHARE", (_, value) => TopKCodec.ShareOf(value) is { } share ? new TopKCodec(share) : null),
    ];

    /// <summary>Names as they are written on the command line.</summary>
    public static IReadOnlyList<string> Forms { get; } = [.. Registry.Select(r => r.Form)];

    /// <param name="text">"NAME" or "NAME:VALUE".</param>
    /// <param name="layout">The tensors of an adapter, whose rows some codecs scale one by one.</param>
    /// <exception cref="UserException">There is no such codec, or its value is out of range.</exception>
    public static IUploadCodec Parse(string text, FlatLayout layout)
    {
        int colon = text.IndexOf(':');
        string name = colon < 0 ? text : text[..colon], value = colon < 0 ? "" : text[(colon + 1)..];
        return Array.Find(Registry, r => r.Name == name).Create?.Invoke(layout, value)
            ?? throw new OptionException("upload", $"'{text}'", $"expected {string.Join(", ", Forms)}, SHARE above 0 and at most 1, such as topk:0.1");
    }
}
