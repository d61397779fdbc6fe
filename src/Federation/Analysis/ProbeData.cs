namespace LoraCollab.Federation.Analysis;

/// <summary>
/// The texts of a trust probe, from a safetensors file: val.I.input_ids and val.I.targets [batches, B, T] for every client I, ref.input_ids [batches, B, T].
/// </summary>
internal sealed class ProbeData : IDisposable
{
    private readonly SafetensorsFile _file;

    /// <exception cref="UserException">The file is missing or damaged.</exception>
    public ProbeData(string path) => _file = SafetensorsFile.Open(path);

    /// <summary>One client's windows [W, T] and the tokens that follow.</summary>
    /// <exception cref="UserException">A tensor is missing or has another shape.</exception>
    public (int[] Inputs, int[] Targets, int Length) Validation(int client)
    {
        string inputs = FormattableString.Invariant($"val.{client}.input_ids"), targets = FormattableString.Invariant($"val.{client}.targets");
        int length = LengthOf(inputs);
        if (!_file[targets].Shape.SequenceEqual(_file[inputs].Shape))
            throw new UserException($"{_file.Path}: {targets} has shape {_file[targets].ShapeText}, {inputs} has {_file[inputs].ShapeText}; "
                + "both must be the same");
        return (_file.Ints(inputs), _file.Ints(targets), length);
    }

    /// <summary>The public windows [W, T].</summary>
    /// <exception cref="UserException">The tensor is missing or has another shape.</exception>
    public (int[] Inputs, int Length) Reference() => (_file.Ints("ref.input_ids"), LengthOf("ref.input_ids"));

    public void Dispose() => _file.Dispose();

    private int LengthOf(string name) => _file[name] is { Length: > 0, Shape: [_, _, var t] } ? t
        : throw new UserException($"{_file.Path}: {name} has shape {_file[name].ShapeText}, expected [batches, B, T]");
}
