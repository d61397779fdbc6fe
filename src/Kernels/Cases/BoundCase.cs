namespace LoraCollab.Kernels.Cases;

/// <summary>
/// The operands of a case in a backend's memory. All reals lie in one buffer and all ids in another, at odd offsets with guard words between, so that whatever
/// is read or written beside an operand shows.
/// </summary>
public sealed class BoundCase : IDisposable
{
    private const int Guard = 5, GuardId = -77;

    private readonly OpCase _case;
    private readonly ComputeBackend _backend;
    private readonly View _reals;
    private readonly IntView _ids;
    private readonly float[] _firstReals;
    private readonly int[] _firstIds;
    private readonly Dictionary<string, View> _views = [];
    private readonly Dictionary<string, IntView> _idViews = [];
    private readonly Dictionary<string, Matrix> _matrices = [];

    internal BoundCase(OpCase @case, ComputeBackend backend, float garbage, bool dense)
    {
        (_case, _backend) = (@case, backend);
        _firstReals = new float[Guard + @case.Operands.Sum(o => o is IdOperand ? 0 : o.Length + Guard)];
        _firstIds = new int[Guard + @case.Operands.Sum(o => o is IdOperand ? o.Length + Guard : 0)];
        Array.Fill(_firstReals, garbage);
        Array.Fill(_firstIds, GuardId);
        _reals = backend.Allocate($"{@case.Name} reals", _firstReals.Length);
        _ids = backend.AllocateInts($"{@case.Name} ids", _firstIds.Length);
        int real = Guard, id = Guard;
        foreach (var operand in @case.Operands)
            if (operand is IdOperand tokens) Place(tokens, ref id);
            else Place(operand, ref real, dense);
        Reset();
    }

    private void Place(IdOperand operand, ref int offset)
    {
        _idViews[operand.Name] = operand.Length == 0 ? default : _ids.Slice(offset, operand.Length);
        if (HasFirstValues(operand)) operand.Values().CopyTo(_firstIds, offset);
        offset += operand.Length + Guard;
    }

    private void Place(Operand operand, ref int offset, bool dense)
    {
        var view = operand.Length == 0 ? default : _reals.Slice(offset, operand.Length);
        var values = HasFirstValues(operand) ? operand is WeightOperand weight ? weight.Values() : ((RealOperand)operand).Values() : [];
        values.CopyTo(_firstReals, offset);
        _views[operand.Name] = view;
        if (operand is WeightOperand w)
            _matrices[w.Name] = w.IsPacked && !dense
                ? _backend.Pack(w.Name, values, w.IC, w.OC, w.Transposed)
                : Matrix.Dense(w.Name, view, w.IC, w.OC, w.Transposed);
        offset += operand.Length + Guard;
    }

    private static bool HasFirstValues(Operand operand) => operand.Role is OperandRole.Input or OperandRole.Updated;

    /// <summary>The reals of an operand; the empty view where it was left out.</summary>
    public View this[string name] => _views[name];

    /// <summary>The ids of an operand.</summary>
    public IntView Ids(string name) => _idViews[name];

    /// <summary>A weight.</summary>
    public Matrix Weight(string name) => _matrices[name];

    public void Run(OpStep step) => step.Run(_backend, this);

    /// <summary>Gives every operand its first values again, and destinations their garbage.</summary>
    public void Reset()
    {
        _backend.Write(_reals, _firstReals);
        _backend.Write(_ids, _firstIds);
    }

    /// <summary>Writes an operand.</summary>
    public void Write(string name, ReadOnlySpan<double> values) => _backend.Write(_views[name], values);

    /// <summary>Reads an operand, ids as numbers.</summary>
    public double[] Read(string name)
    {
        if (_views.TryGetValue(name, out var view))
        {
            var values = new double[view.Length];
            if (!view.IsEmpty) _backend.Download(values, view);
            return values;
        }
        var ids = new int[_idViews[name].Length];
        if (ids.Length > 0) _backend.Download(ids, _idViews[name]);
        return Array.ConvertAll(ids, id => (double)id);
    }

    /// <exception cref="CaseFailedException">An input or a word beside an operand has changed.</exception>
    public void RequireUntouched()
    {
        var reals = new float[_firstReals.Length];
        _backend.Download(reals, _reals);
        var ids = new int[_firstIds.Length];
        _backend.Download(ids, _ids);
        int real = Guard, id = Guard;
        foreach (var operand in _case.Operands)
            if (operand is IdOperand) RequireUntouched(operand, ids, _firstIds, ref id);
            else RequireUntouched(operand, reals, _firstReals, ref real);
        foreach (var weight in _case.Operands.OfType<WeightOperand>()) RequireUnpacked(weight);
    }

    private void RequireUntouched<T>(Operand operand, T[] found, T[] expected, ref int offset)
        where T : struct, IEquatable<T>
    {
        int end = offset + operand.Length;
        for (int i = offset - Guard; i < end + Guard; i++)
        {
            bool inside = i >= offset && i < end;
            if (inside && operand.Role != OperandRole.Input || found[i].Equals(expected[i])) continue;
            throw new CaseFailedException(inside
                ? $"{_case.Name}: the input {operand.Name} was changed at [{i - offset}] from {expected[i]} to {found[i]}"
                : $"{_case.Name}: {found[i]} was written {(i < offset ? "before" : "after")} {operand.Name}");
        }
        offset = end + Guard;
    }

    private void RequireUnpacked(WeightOperand w)
    {
        var unpacked = new float[w.Length];
        _backend.Unpack(unpacked, _matrices[w.Name], w.Transposed);
        if (!unpacked.AsSpan().SequenceEqual(w.Values()))
            throw new CaseFailedException($"{_case.Name}: the weight {w.Name} does not unpack to what it was made of");
    }

    public void Dispose()
    {
        foreach (var matrix in _matrices.Values) matrix.Dispose();
        _reals.Buffer.Dispose();
        _ids.Buffer.Dispose();
    }
}
