using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace LoraCollab.Kernels.Host;

public sealed unsafe partial class HostBackend
{
    protected override void AdamWCore(View parameters, View m, View v, View gradient, AdamWStep step)
    {
        var job = new AdamWJob
        {
            Parameters = Reals(parameters),
            M = Reals(m),
            V = Reals(v),
            Gradient = Reals(gradient),
            Count = (nint)parameters.Length,
            GradientScale = (float)step.GradientScale,
            Keep = (float)(1 - step.LearningRate * step.WeightDecay),
            Beta1 = (float)step.Beta1,
            Rest1 = (float)(1 - step.Beta1),
            Beta2 = (float)step.Beta2,
            Rest2 = (float)(1 - step.Beta2),
            StepSize = (float)step.StepSize,
            RootCorrection = (float)step.RootCorrection,
            Epsilon = (float)step.Epsilon,
        };
        Run(ref job, parameters.Length * 2, parameters.Length / 1024 + 1);
    }

    private struct AdamWJob : IHostJob
    {
        public float* Parameters, M, V, Gradient;
        public nint Count;
        public float GradientScale, Keep, Beta1, Rest1, Beta2, Rest2, StepSize, RootCorrection, Epsilon;

        public readonly void Run(int part, int parts, float* scratch)
        {
            var (from, to) = Partition.Of(Count, 1024, part, parts);
            nint i = from;
            for (; i + 16 <= to; i += 16)
            {
                Step(
                    Vector512.Load(Parameters + i), Vector512.Load(M + i), Vector512.Load(V + i), Vector512.Load(Gradient + i),
                    out var theta, out var m, out var v);
                theta.Store(Parameters + i);
                m.Store(M + i);
                v.Store(V + i);
            }
            if (i == to) return;
            nint rest = to - i;
            Step(
                VectorMath.LoadTail(Parameters + i, rest), VectorMath.LoadTail(M + i, rest),
                VectorMath.LoadTail(V + i, rest), VectorMath.LoadTail(Gradient + i, rest),
                out var lastTheta, out var lastM, out var lastV);
            VectorMath.StoreTail(lastTheta, Parameters + i, rest);
            VectorMath.StoreTail(lastM, M + i, rest);
            VectorMath.StoreTail(lastV, V + i, rest);
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        private readonly void Step(
            Vector512<float> oldTheta, Vector512<float> oldM, Vector512<float> oldV, Vector512<float> gradient,
            out Vector512<float> theta, out Vector512<float> m, out Vector512<float> v)
        {
            var g = gradient * Vector512.Create(GradientScale);
            m = Vector512.FusedMultiplyAdd(oldM, Vector512.Create(Beta1), g * Vector512.Create(Rest1));
            v = Vector512.FusedMultiplyAdd(oldV, Vector512.Create(Beta2), g * g * Vector512.Create(Rest2));
            var root = Vector512.FusedMultiplyAdd(Vector512.Sqrt(v), Vector512.Create(RootCorrection), Vector512.Create(Epsilon));
            theta = Vector512.FusedMultiplyAdd(oldTheta, Vector512.Create(Keep), -(Vector512.Create(StepSize) * m / root));
        }
    }
}
