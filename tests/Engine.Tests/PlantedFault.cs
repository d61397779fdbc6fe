namespace LoraCollab.Engine.Tests;

/// <summary>A kernel that is wrong in one place: after an op has run in a scope, one of its operands is changed before anybody reads it.</summary>
/// <param name="change">The new value of element i, given (i, value).</param>
internal sealed class PlantedFault(ComputeBackend lane, string op, string scope, string operand, Func<int, double, double> change) : IOpObserver
{
    public void Before(in OpCall call) { }

    public void After(in OpCall call)
    {
        if (call.Op != op || call.Scope != scope) return;
        foreach (var found in call.Operands)
        {
            if (found.Name != operand) continue;
            double[] values = new double[found.View.Length];
            lane.Download(values.AsSpan(), found.View);
            for (int i = 0; i < values.Length; i++) values[i] = change(i, values[i]);
            lane.Write(found.View, values);
        }
    }
}
