namespace LoraCollab.Kernels.Memory;

/// <summary>What buffers of one name hold of a device's memory.</summary>
/// <param name="Name">The buffers' name (<see cref="DeviceBuffer.Name"/>), a packed weight's, or a backend's own: "workspace".</param>
/// <param name="Buffers">How many there are now.</param>
/// <param name="Live">Bytes they hold now.</param>
/// <param name="Peak">The most bytes they held at a time.</param>
/// <param name="AtPeak">Bytes they held when all names together held most.</param>
public readonly record struct MemoryAccount(string Name, int Buffers, long Live, long Peak, long AtPeak);
