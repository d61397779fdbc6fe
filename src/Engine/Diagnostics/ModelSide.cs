namespace LoraCollab.Engine.Diagnostics;

/// <summary>One model on one backend with one batch: its gradient, and its loss where one parameter is shifted.</summary>
internal sealed class ModelSide : IDisposable
{
    /// <summary>Spread of a random adapter's elements, both factors: each then matters.</summary>
    private const double AdapterSpread = 0.3;

    private const uint AdapterStream = 99;

    private readonly GptModel _model;
    private readonly LoraAdapter? _adapter;
    private readonly GptPass _pass;
    private readonly int[] _ids, _targets;
    private readonly int _batch;
    private readonly DropoutDraw _draw;
    private readonly View _parameters;
    private readonly double[] _at;

    public ModelSide(ComputeBackend backend, IWeights weights, LoraOptions? lora, int[] ids, int[] targets, int batch, DropoutDraw draw)
    {
        (Backend, _ids, _targets, _batch, _draw) = (backend, ids, targets, batch, draw);
        _model = lora is null ? GptModel.ForTraining(backend, weights) : GptModel.Frozen(backend, weights);
        _pass = new GptPass(_model, backend, batch, ids.Length / batch, lora is null ? PassKind.Full : PassKind.Lora, lora);
        if (lora is not null)
        {
            _adapter = new LoraAdapter(backend, _model.Config, lora, trainable: true);
            _adapter.Set([.. Enumerable.Range(0, (int)_adapter.Layout.Length)
                .Select(i => (float)(AdapterSpread * CounterNormals.Uniform(draw.Seed, AdapterStream, 0, i)))]);
        }
        _parameters = _adapter?.Parameters ?? _model.Parameters;
        _at = new double[_parameters.Length];
        backend.Download(_at.AsSpan(), _parameters);
    }

    public ComputeBackend Backend { get; }

    public FlatLayout Layout => _adapter?.Layout ?? _model.Layout;

    /// <summary>∂(mean loss)/∂θ, flat.</summary>
    public double[] Gradient()
    {
        var gradient = _adapter?.Gradient ?? _model.Gradient;
        _pass.Gradient(_ids, _targets, _batch, _adapter, _draw);
        var values = new double[gradient.Length];
        Backend.Download(values.AsSpan(), gradient);
        return values;
    }

    /// <summary>L(θ + h·eᵢ) − L(θ − h·eᵢ), the difference taken row by row.</summary>
    public double Rise(int element, double h)
    {
        var one = _parameters.Slice(element, 1);
        Backend.Write(one, [_at[element] + h]);
        int tokens = _pass.Evaluate(_ids, _targets, _batch, _adapter, _draw).Tokens;
        double[] above = _pass.RowLosses.ToArray();
        Backend.Write(one, [_at[element] - h]);
        _pass.Evaluate(_ids, _targets, _batch, _adapter, _draw);
        double rise = 0;
        for (int row = 0; row < above.Length; row++) rise += above[row] - _pass.RowLosses[row];
        Backend.Write(one, [_at[element]]);
        return rise / tokens;
    }

    public void Dispose()
    {
        _pass.Dispose();
        _adapter?.Dispose();
        _model.Dispose();
    }
}
