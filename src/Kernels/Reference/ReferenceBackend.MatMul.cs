namespace LoraCollab.Kernels.Reference;

public partial class ReferenceBackend
{
    protected override void MatMulCore(View y, View x, Matrix w, View bias, int rows)
    {
        Table Y = Table(y, w.OC), X = Table(x, w.IC), W = Weight(w);
        var b = Reals(bias);
        for (int m = 0; m < rows; m++)
            for (int o = 0; o < w.OC; o++)
            {
                double sum = 0;
                for (int i = 0; i < w.IC; i++) sum += X[m, i] * W[i, o];
                Y[m, o] = b.IsEmpty ? sum : sum + b[o];
            }
    }

    protected override void MatMulBackwardInputCore(View dx, View dy, Matrix w, int rows)
    {
        Table DX = Table(dx, w.IC), DY = Table(dy, w.OC), W = Weight(w);
        for (int m = 0; m < rows; m++)
            for (int i = 0; i < w.IC; i++)
            {
                double sum = 0; // sum += X[m, i] * W[i, o], for X
                for (int o = 0; o < w.OC; o++) sum += DY[m, o] * W[i, o];
                DX[m, i] = sum;
            }
    }

    protected override void MatMulBackwardWeightCore(View dw, View x, View dy, int rows, int ic, int oc)
    {
        Table DW = Table(dw, oc), X = Table(x, ic), DY = Table(dy, oc);
        for (int m = 0; m < rows; m++)
            for (int i = 0; i < ic; i++)
                for (int o = 0; o < oc; o++)
                    DW[i, o] += X[m, i] * DY[m, o]; // sum += X[m, i] * W[i, o], for W
    }

    protected override void BiasBackwardCore(View db, View dy, int rows, int oc)
    {
        var DB = Reals(db);
        var DY = Table(dy, oc);
        for (int m = 0; m < rows; m++)
            for (int o = 0; o < oc; o++)
                DB[o] += DY[m, o]; // Y[m, o] = sum + b[o], for b
    }
}
