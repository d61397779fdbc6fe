namespace LoraCollab.Kernels.Counting;

/// <summary>
/// A device that computes nothing and holds no numbers: every op checks its arguments and tells the <see cref="IOpObserver"/>, so that what a pass over a model
/// of any size would cost can be counted at once. Whatever is read back is zero.
/// </summary>
public sealed class CountingBackend : ComputeBackend
{
    /// <summary>It counts the work that the host would do.</summary>
    public override BackendKind Kind => BackendKind.Host;

    public override string Description => "counting only, nothing is computed";

    public override int Threads => 1;

    public override ComputeBackend CreateLane(int threads) => new CountingBackend();

    protected override DeviceBuffer AllocateReals(string name, long length) => new Buffer(name, length);

    protected override DeviceBuffer AllocateIntegers(string name, long length) => new Buffer(name, length);

    public override void Write(View destination, ReadOnlySpan<float> source) => RequireSize(destination, source.Length, nameof(destination));

    public override void Write(View destination, ReadOnlySpan<double> source) => RequireSize(destination, source.Length, nameof(destination));

    public override void Write(IntView destination, ReadOnlySpan<int> source) => RequireSize(destination, source.Length, nameof(destination));

    public override void Download(Span<float> destination, View source) => destination.Clear();

    public override void Download(Span<double> destination, View source) => destination.Clear();

    public override void Download(Span<int> destination, IntView source) => destination.Clear();

    public override Matrix Pack(string name, ReadOnlySpan<float> values, int ic, int oc, bool transposed = false) =>
        Matrix.Dense(name, Allocate(name, (long)ic * oc), ic, oc, transposed);

    public override void Unpack(Span<float> destination, Matrix source, bool transposed = false) => destination.Clear();

    public override void Synchronize() { }

    public override void Dispose() { }

    protected override void AdamWCore(View parameters, View m, View v, View gradient, AdamWStep step) { }
    protected override void AddDropoutCore(View y, View x, long n, DropoutMask mask) { }
    protected override void AddScaledCore(View y, View x, float factor) { }
    protected override void AttentionCore(View y, View lse, View qkv, AttentionShape shape, DropoutMask dropout) { }
    protected override void AttentionBackwardCore(View dqkv, View dy, View qkv, View y, View lse, AttentionShape shape, DropoutMask dropout) { }
    protected override void AttentionCachedCore(View y, View keys, View values, View qkv, int position, int count, int nh, int hs) { }
    protected override void BiasBackwardCore(View db, View dy, int rows, int oc) { }
    protected override void ClassifierCore(View losses, IntView argmax, View dx, View dw, View x, Matrix w, IntView targets, int rows, float gradientScale) { }
    protected override void ClassifierTopKCore(IntView ids, View logits, View lse, View x, Matrix w, int rows, int k) { }
    protected override void CopyCore(View y, View x) { }
    protected override void DropoutCore(View y, View x, long n, DropoutMask mask) { }
    protected override void EmbeddingCore(View x, IntView ids, Matrix wte, View wpe, int b, int t, int position) { }
    protected override void EmbeddingBackwardCore(View dwte, View dwpe, IntView ids, View dx, int b, int t, int c) { }
    protected override void FillCore(View y, float value) { }
    protected override void GeluCore(View y, View x, long n, GeluForm form) { }
    protected override void GeluBackwardCore(View dx, View dy, View x, long n, GeluForm form) { }
    protected override void LayerNormCore(View y, View mean, View rstd, View x, View gamma, View beta, int rows, int c, float epsilon) { }
    protected override void LayerNormBackwardCore(View dx, View dgamma, View dbeta, View dy, View x, View mean, View rstd, View gamma, int rows, int c) { }
    protected override void LoraCore(View y, View u, View x, View a, View b, LoraShape shape) { }
    protected override void LoraBackwardCore(View dx, View da, View db, View du, View dy, View u, View x, View a, View b, LoraShape shape) { }
    protected override void MatMulCore(View y, View x, Matrix w, View bias, int rows) { }
    protected override void MatMulBackwardInputCore(View dx, View dy, Matrix w, int rows) { }
    protected override void MatMulBackwardWeightCore(View dw, View x, View dy, int rows, int ic, int oc) { }
    protected override void ScaleCore(View y, float factor) { }
    protected override void SquaredNormCore(View result, View x) { }

    private sealed class Buffer(string name, long length) : DeviceBuffer(name, length)
    {
        protected override void Free() { }
    }
}
