namespace LoraCollab.Kernels.Reference;

public partial class ReferenceBackend
{
    protected override void EmbeddingCore(View x, IntView ids, Matrix wte, View wpe, int b, int t, int position)
    {
        Table X = Table(x, wte.IC), W = Weight(wte), P = Table(wpe, wte.IC);
        var id = Ids(ids);
        RequireIds(id, 0, wte.OC, nameof(ids));
        for (int row = 0; row < b * t; row++)
            for (int c = 0; c < wte.IC; c++)
                X[row, c] = W[c, id[row]] + P[position + row % t, c];
    }

    protected override void EmbeddingBackwardCore(View dwte, View dwpe, IntView ids, View dx, int b, int t, int c)
    {
        Table DW = Table(dwte, c), DP = Table(dwpe, c), DX = Table(dx, c);
        var id = Ids(ids);
        RequireIds(id, 0, dwte.Length / c, nameof(ids));
        for (int row = 0; row < b * t; row++)
            for (int i = 0; i < c; i++)
            {
                DW[id[row], i] += DX[row, i];   // X[row, c] = W[c, id[row]] + P[row % t, c], for W
                DP[row % t, i] += DX[row, i]; // and for P
            }
    }
}
