namespace LoraCollab.Kernels.Cases;

/// <summary>
/// The operands of a case in a backend's memory. All reals lie in one buffer and all ids in another, at odd offsets with guard words between, so that whatever is
/// read or written beside an operand shows.
/// </summary>
public sealed class BoundCase : IDisposable
{
    private const int Guard = 5, GuardId = -77;

    private readonly OpCase _case;
    private readonly ComputeBackend _backend;
    private readonly float _garbage;
    private readonly View _reals;
    private readonly IntView _ids;
    private readonly Dictionary<string, View> _views = [];
    private readonly Dictionary<string, IntView> _idViews = [];
    private readonly Dictionary<string, Matrix> _matrices = [];

    internal BoundCase(OpCase @case, ComputeBackend backend, float garbage, bool dense)
    {
        (_case, _backend, _garbage) = (@case, backend, garbage);
        _reals = backend.Allocate($"{@case.Name} reals", Guard + @case.Operands.Sum(o => o is IdOperand ? 0L : o.Length + Guard));
        _ids = backend.AllocateInts($"{@case.Name} ids", Guard + @case.Operands.Sum(o => o is IdOperand ? o.Length + Guard : 0L));
        long real = Guard, id = Guard;
        foreach (var operand in @case.Operands)
        {
            if (operand is IdOperand)
            {
                _idViews[operand.Name] = operand.Length == 0 ? default : _ids.Slice(id, operand.Length);
                id += operand.Length + Guard;
                continue;
            }
            var view = operand.Length == 0 ? default : _reals.Slice(real, operand.Length);
            real += operand.Length + Guard;
            _views[operand.Name] = view;
            if (operand is WeightOperand w)
                _matrices[w.Name] = w.IsPacked && !dense ? backend.Pack(w.Name, w.Values(), w.IC, w.OC, w.Transposed) : Matrix.Dense(w.Name, view, w.IC, w.OC, w.Transposed);
        }
        Reset();
    }

    /// <summary>The reals of an operand; the empty view where it was left out.</summary>
    public View this[string name] => _views[name];

    /// <summary>The ids of an operand.</summary>
    public IntView Ids(string name) => _idViews[name];

    /// <summary>A weight.</summary>
    public Matrix Weight(string name) => _matrices[name];

    public void Run(OpStep step) => step.Run(_backend, this);

    /// <summary>Gives every operand its first values again.</summary>
    public void Reset()
    {
        var reals = new float[_reals.Length];
        Array.Fill(reals, _garbage);
        var ids = new int[_ids.Length];
        Array.Fill(ids, GuardId);
        foreach (var operand in _case.Operands.Where(o => o.Length > 0 && o.Role is OperandRole.Input or OperandRole.Updated))
            if (operand is IdOperand tokens) tokens.Values().CopyTo(ids, (int)_idViews[tokens.Name].Offset);
            else FirstValues(operand).CopyTo(reals, (int)_views[operand.Name].Offset);
        _backend.Upload(_reals, reals);
        _backend.Upload(_ids, ids);
    }

    /// <summary>Writes an operand.</summary>
    public void Write(string name, ReadOnlySpan<double> values) => _backend.Upload(_views[name], values);

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
        var reals = new double[_reals.Length];
        _backend.Download(reals, _reals);
        var ids = new int[_ids.Length];
        _backend.Download(ids, _ids);
        int real = Guard, id = Guard;
        foreach (var operand in _case.Operands)
        {
            if (operand is IdOperand tokens)
            {
                RequireIds(tokens, ids, id);
                id += operand.Length + Guard;
                continue;
            }
            if (operand.Role == OperandRole.Input) RequireInput(operand, reals.AsSpan(real, operand.Length));
            RequireGuards(operand, reals.AsSpan(real - Guard, Guard), "before");
            real += operand.Length + Guard;
            RequireGuards(operand, reals.AsSpan(real - Guard, Guard), "after");
        }
    }

    private static float[] FirstValues(Operand operand) => operand is WeightOperand weight ? weight.Values() : ((RealOperand)operand).Values();

    private void RequireInput(Operand operand, Span<double> found)
    {
        var expected = FirstValues(operand);
        for (int i = 0; i < found.Length; i++)
            if (found[i] != expected[i])
                throw new CaseFailedException($"{_case.Name}: the input {operand.Name} was changed at [{i}] from {expected[i]:R} to {found[i]:R}");
        if (operand is not WeightOperand { IsPacked: true } w) return;

        var unpacked = new float[w.Length];
        _backend.Unpack(unpacked, _matrices[w.Name], w.Transposed);
        if (!unpacked.AsSpan().SequenceEqual(expected)) throw new CaseFailedException($"{_case.Name}: the packed weight {w.Name} does not unpack to what was packed");
    }

    private void RequireGuards(Operand operand, Span<double> found, string side)
    {
        foreach (double value in found)
            if (!value.Equals(_garbage))
                throw new CaseFailedException($"{_case.Name}: {value:R} was written {side} {operand.Name}");
    }

    private void RequireIds(IdOperand operand, int[] found, int offset)
    {
        for (int i = 1; i <= Guard; i++)
            if (found[offset - i] != GuardId || found[offset + operand.Length - 1 + i] != GuardId)
                throw new CaseFailedException($"{_case.Name}: something was written beside the ids {operand.Name}");
        if (operand.Role == OperandRole.Input && !found.AsSpan(offset, operand.Length).SequenceEqual(operand.Values()))
            throw new CaseFailedException($"{_case.Name}: the input {operand.Name} was changed");
    }

    public void Dispose()
    {
        foreach (var matrix in _matrices.Values) matrix.Dispose();
        _reals.Buffer.Dispose();
        _ids.Buffer.Dispose();
    }
}
