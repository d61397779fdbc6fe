namespace LoraCollab.Engine.Optim;

/// <summary>AdamW over one flat buffer: its two moments and its step count, which stay with their owner wherever the parameters go.</summary>
public sealed class AdamW : IDisposable
{
    private readonly (long Offset, long Length, bool Decays)[] _segments;
    private readonly View _m, _v, _squaredNorm;
    private readonly double[] _norm = new double[1];

    /// <param name="layout">The buffer's tensors.</param>
    public AdamW(ComputeBackend backend, FlatLayout layout, AdamWOptions options)
    {
        Options = options;
        _m = backend.Allocate("m", layout.Length);
        _v = backend.Allocate("v", layout.Length);
        _squaredNorm = backend.Allocate("squared norm", 1);
        _segments = options.DecayVectors ? [(0, layout.Length, true)]
            : [.. layout.Entries.Select(e => (e.Offset, e.Length, e.Shape.Length > 1))];
    }

    public AdamWOptions Options { get; }

    /// <summary>Steps taken.</summary>
    public int Steps { get; private set; }

    /// <summary>One step with the given rate. Sizes: parameters, gradient [layout]; the gradient is clipped only in effect, never written.</summary>
    /// <param name="from">Elements before this one, at most the first of a tensor, are left alone and count in no norm: a frozen A.</param>
    public void Step(ComputeBackend lane, View parameters, View gradient, double rate, long from = 0)
    {
        lane.Enter(OpPhase.Optimiser);
        lane.Scope = "adamw";
        double scale = ClipScale(lane, gradient.Slice(from, gradient.Length - from));
        Steps++;
        foreach (var (start, length, decays) in _segments)
        {
            long offset = Math.Max(start, from), size = start + length - offset;
            if (size <= 0) continue;
            lane.AdamW(parameters.Slice(offset, size), _m.Slice(offset, size), _v.Slice(offset, size), gradient.Slice(offset, size),
                new AdamWStep(rate, Options.Beta1, Options.Beta2, Options.Epsilon, decays ? Options.WeightDecay : 0, Steps, scale));
        }
    }

    /// <summary>Forgets both moments and the step count.</summary>
    public void Reset(ComputeBackend lane)
    {
        lane.Fill(_m, 0);
        lane.Fill(_v, 0);
        Steps = 0;
    }

    /// <summary>Adds the state to a checkpoint, every bit of it.</summary>
    public void Save(TensorBag bag, string prefix, ComputeBackend lane)
    {
        bag.Add($"{prefix}m", lane, _m);
        bag.Add($"{prefix}v", lane, _v);
        bag.Add($"{prefix}steps", [Steps]);
    }

    /// <summary>Takes the state back from a checkpoint.</summary>
    /// <exception cref="LoraCollab.Data.UserException">The checkpoint has no such state, or one of another size.</exception>
    public void Load(TensorBag bag, string prefix, ComputeBackend lane)
    {
        bag.Read($"{prefix}m", lane, _m);
        bag.Read($"{prefix}v", lane, _v);
        Steps = bag.Ints($"{prefix}steps", 1)[0];
    }

    public void Dispose()
    {
        foreach (var view in (ReadOnlySpan<View>)[_m, _v, _squaredNorm]) view.Buffer.Dispose();
    }

    private double ClipScale(ComputeBackend lane, View gradient)
    {
        if (Options.ClipNorm <= 0) return 1;
        lane.SquaredNorm(_squaredNorm, gradient);
        lane.Download(_norm.AsSpan(), _squaredNorm);
        return Math.Min(1, Options.ClipNorm / (Math.Sqrt(_norm[0]) + 1e-6));
    }
}

/// <summary>The constants of AdamW (arXiv:1711.05101). The defaults are the experiments' own.</summary>
public sealed record AdamWOptions
{
    public double Beta1 { get; init; } = 0.9;
    public double Beta2 { get; init; } = 0.95;
    public double Epsilon { get; init; } = 1e-8;
    public double WeightDecay { get; init; } = 1e-3;

    /// <summary>Whether biases, LayerNorms and other one-dimensional tensors decay too.</summary>
    public bool DecayVectors { get; init; } = true;

    /// <summary>The gradient is scaled down to this global norm where it is longer; 0: never.</summary>
    public double ClipNorm { get; init; }
}
