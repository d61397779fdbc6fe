namespace LoraCollab.Kernels.Memory;

/// <summary>A contiguous part of a buffer of real numbers. The default view is empty and stands for "not wanted" in optional arguments.</summary>
public readonly struct View
{
    public View(DeviceBuffer buffer, long offset, long length)
    {
        ArgumentNullException.ThrowIfNull(buffer);
        if (offset < 0 || length < 0 || offset > buffer.Length - length)
            throw new ArgumentOutOfRangeException(nameof(offset),
                $"{buffer.Name}: the range [{offset}, {offset + length}) is outside the buffer's {buffer.Length} elements");
        (Buffer, Offset, Length) = (buffer, offset, length);
    }

    public DeviceBuffer Buffer { get; }
    public long Offset { get; }
    public long Length { get; }
    public bool IsEmpty => Length == 0;

    /// <summary>The <paramref name="length"/> elements from <paramref name="offset"/> on; throws where they leave this view.</summary>
    public View Slice(long offset, long length)
    {
        if (offset < 0 || length < 0 || offset > Length - length)
            throw new ArgumentOutOfRangeException(nameof(offset), $"{this}: the slice [{offset}, {offset + length}) leaves the view");
        return new View(Buffer, Offset + offset, length);
    }

    /// <summary>True where both views share at least one element.</summary>
    public bool Overlaps(View other) =>
        !IsEmpty && !other.IsEmpty && ReferenceEquals(Buffer, other.Buffer) && Offset < other.Offset + other.Length && other.Offset < Offset + Length;

    /// <summary>True where both views are the same elements.</summary>
    public bool IsSameAs(View other) => ReferenceEquals(Buffer, other.Buffer) && Offset == other.Offset && Length == other.Length;

    public override string ToString() => Buffer is null ? "(no tensor)" : $"{Buffer.Name}[{Offset}..{Offset + Length}]";
}

/// <summary>A contiguous part of a buffer of int32 token ids. The default view is empty and stands for "not wanted".</summary>
public readonly struct IntView
{
    public IntView(DeviceBuffer buffer, long offset, long length)
    {
        ArgumentNullException.ThrowIfNull(buffer);
        if (offset < 0 || length < 0 || offset > buffer.Length - length)
            throw new ArgumentOutOfRangeException(nameof(offset),
                $"{buffer.Name}: the range [{offset}, {offset + length}) is outside the buffer's {buffer.Length} elements");
        (Buffer, Offset, Length) = (buffer, offset, length);
    }

    public DeviceBuffer Buffer { get; }
    public long Offset { get; }
    public long Length { get; }
    public bool IsEmpty => Length == 0;

    /// <summary>The <paramref name="length"/> elements from <paramref name="offset"/> on; throws where they leave this view.</summary>
    public IntView Slice(long offset, long length)
    {
        if (offset < 0 || length < 0 || offset > Length - length)
            throw new ArgumentOutOfRangeException(nameof(offset), $"{this}: the slice [{offset}, {offset + length}) leaves the view");
        return new IntView(Buffer, Offset + offset, length);
    }

    public override string ToString() => Buffer is null ? "(no ids)" : $"{Buffer.Name}[{Offset}..{Offset + Length}]";
}
