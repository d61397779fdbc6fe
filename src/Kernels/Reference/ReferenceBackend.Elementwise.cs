namespace LoraCollab.Kernels.Reference;

public partial class ReferenceBackend
{
    protected override void FillCore(View y, float value) => Reals(y).Fill(value);

    protected override void CopyCore(View y, View x) => Reals(x).CopyTo(Reals(y));

    protected override void AddScaledCore(View y, View x, float factor)
    {
        Span<double> Y = Reals(y), X = Reals(x);
        for (int i = 0; i < Y.Length; i++) Y[i] += factor * X[i];
    }

    protected override void ScaleCore(View y, float factor)
    {
        foreach (ref double value in Reals(y)) value *= factor;
    }

    protected override void SquaredNormCore(View result, View x)
    {
        double sum = 0;
        foreach (double value in Reals(x)) sum += value * value;
        Reals(result)[0] = sum;
    }
}
