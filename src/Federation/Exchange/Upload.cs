namespace LoraCollab.Federation.Exchange;

/// <summary>What one client sends in a round.</summary>
/// <param name="Bytes">Exactly what travels.</param>
/// <param name="Adapter">[parameters]: what everybody reads from it.</param>
/// <param name="Unsent">[numbers that travel]: what the bytes left out, for the next time; null where the codec keeps nothing.</param>
public sealed record Upload(byte[] Bytes, float[] Adapter, float[]? Unsent);
