namespace LoraCollab.Kernels.Ilgpu;

/// <summary>A frozen weight on an ILGPU device, row-major as it was given: [IC, OC], or [OC, IC] where <see cref="Transposed"/>. The kernels read either through strides.</summary>
internal sealed class IlgpuMatrix(string name, View values, int ic, int oc, bool transposed) : Matrix(name, ic, oc)
{
    public View Values { get; } = values;

    public bool Transposed { get; } = transposed;

    public override void Dispose() => Values.Buffer.Dispose();
}
