namespace LoraCollab.Kernels.Reference;

public partial class ReferenceBackend
{
    protected override void LoraCore(View y, View u, View x, View a, View b, LoraShape shape)
    {
        var (rows, ic, oc, rank, scale, dropout) = shape;
        Table Y = Table(y, oc), U = Table(u, rank), X = Table(x, ic), A = Table(a, ic), B = Table(b, rank);
        Reals(u).Clear();
        for (int m = 0; m < rows; m++)
        {
            for (int i = 0; i < ic; i++)
            {
                double dropped = Keep(dropout, (long)m * ic + i) * X[m, i];
                for (int k = 0; k < rank; k++) U[m, k] += dropped * A[k, i];
            }
            for (int o = 0; o < oc; o++)
                for (int k = 0; k < rank; k++)
                    Y[m, o] += scale * U[m, k] * B[o, k];
        }
    }

    protected override void LoraBackwardCore(View dx, View da, View db, View du, View dy, View u, View x, View a, View b, LoraShape shape)
    {
        var (rows, ic, oc, rank, scale, dropout) = shape;
        Table DX = Table(dx, ic), DA = Table(da, ic), DB = Table(db, rank), DU = Table(du, rank);
        Table DY = Table(dy, oc), U = Table(u, rank), X = Table(x, ic), A = Table(a, ic), B = Table(b, rank);
        Reals(du).Clear();
        for (int m = 0; m < rows; m++)
        {
            for (int o = 0; o < oc; o++)
                for (int k = 0; k < rank; k++)
                {
                    DU[m, k] += scale * DY[m, o] * B[o, k]; // Y[m, o] += scale * U[m, k] * B[o, k], for U
                    DB[o, k] += scale * DY[m, o] * U[m, k]; // and for B
                }
            for (int i = 0; i < ic; i++)
            {
                double keep = Keep(dropout, (long)m * ic + i);
                for (int k = 0; k < rank; k++)
                {
                    DA[k, i] += DU[m, k] * keep * X[m, i];                 // U[m, k] += keep * X[m, i] * A[k, i], for A
                    if (!DX.IsEmpty) DX[m, i] += keep * DU[m, k] * A[k, i]; // and for X
                }
            }
        }
    }
}
