namespace LoraCollab.Kernels.Reference;

public partial class ReferenceBackend
{
    protected override void DropoutCore(View y, View x, long n, DropoutMask mask)
    {
        Span<double> Y = Reals(y), X = Reals(x);
        for (int e = 0; e < n; e++) Y[e] = Keep(mask, e) * X[e];
    }

    protected override void AddDropoutCore(View y, View x, long n, DropoutMask mask)
    {
        Span<double> Y = Reals(y), X = Reals(x);
        for (int e = 0; e < n; e++) Y[e] += Keep(mask, e) * X[e];
    }
}
