namespace LoraCollab.Kernels.Tests;

/// <summary>The checks find planted faults, name them, and find none where there is none.</summary>
public sealed class OpGradientsTests
{
    /// <summary>GELU's gradient with the wrong sign.</summary>
    private sealed class WrongSign : ReferenceBackend
    {
        protected override void GeluBackwardCore(View dx, View dy, View x, long n, GeluForm form)
        {
            base.GeluBackwardCore(dx, dy, x, n, form);
            ScaleCore(dx, -1);
        }
    }

    /// <summary>One element of dB is forgotten: the last.</summary>
    private sealed class OneElementMissing : ReferenceBackend
    {
        protected override void LoraBackwardCore(View dx, View da, View db, View du, View dy, View u, View x, View a, View b, LoraShape shape)
        {
            var last = db.Slice(db.Length - 1, 1);
            var before = new double[1];
            Download(before, last);
            base.LoraBackwardCore(dx, da, db, du, dy, u, x, a, b, shape);
            Write(last, before);
        }
    }

    /// <summary>The first element of a bias's gradient is not a number.</summary>
    private sealed class NotANumber : ReferenceBackend
    {
        protected override void BiasBackwardCore(View db, View dy, int rows, int oc)
        {
            base.BiasBackwardCore(db, dy, rows, oc);
            Write(db.Slice(0, 1), [double.NaN]);
        }
    }

    /// <summary>GELU's gradient a hundred-thousandth too large: far too little for the eye, and for float32 hardly visible.</summary>
    private sealed class AlmostRight : ReferenceBackend
    {
        protected override void GeluBackwardCore(View dx, View dy, View x, long n, GeluForm form)
        {
            base.GeluBackwardCore(dx, dy, x, n, form);
            var values = new double[n];
            Download(values, dx);
            Write(dx, Array.ConvertAll(values, v => v * (1 + 1e-5)));
        }
    }

    private static List<GradientCheck> All(ComputeBackend backend) =>
        [.. OpGradients.Cases(CaseSize.Tiny).SelectMany(c => OpGradients.Check(c, backend, 6, seed: 1))];

    [Fact]
    public void Check_OfAWrongSignInOneBackwardOp_FailsThatOpAlone()
    {
        using var backend = new WrongSign();
        var checks = All(backend);
        Assert.All(checks, check => Assert.Equal(check.Op != "gelu_backward" || check.Exact.All(g => g == 0), check.Passed));
        var failed = checks.Where(c => !c.Passed).ToList();
        Assert.NotEmpty(failed);
        foreach (var check in failed)
        {
            Assert.Equal("x", check.Tensor);
            Assert.Equal(2, check.KernelError, 1e-9); // ‖−g − g‖ / ‖g‖
            var worst = check.Worst(1)[0];
            Assert.Equal(-worst.Exact, worst.Found);
        }
    }

    /// <summary>A wrong formula is wrong in the kernel and in double: they agree, and only the differences can tell.</summary>
    [Theory]
    [InlineData(false, 2)]
    [InlineData(true, 1e-5)]
    public void Check_OfAFaultInTheFormulaItself_IsFoundByTheDifferences(bool small, double error)
    {
        Func<ReferenceBackend> wrong = small ? () => new AlmostRight() : () => new WrongSign();
        using var backend = wrong();
        var check = Assert.Single(OpGradients.Check(OpCases.Named("gelu Tanh 33"), backend, wrong, 6, seed: 1));
        Assert.Equal(0, check.KernelError);
        Assert.Equal(error, check.DifferenceError, 1e-3 * error);
        Assert.False(check.Passed);
        var worst = check.Worst(1)[0];
        Assert.Equal(worst.Found, worst.Exact);
        Assert.NotNull(worst.Difference);
    }

    [Fact]
    public void Check_OfOneForgottenElement_NamesItsIndex()
    {
        using var backend = new OneElementMissing();
        var c = OpCases.Named("lora 5x17x33 rank 4");
        var checks = OpGradients.Check(c, backend, 6, seed: 1).ToDictionary(check => check.Tensor);
        Assert.Equal(["a", "b", "x"], checks.Keys.Order());
        Assert.True(checks["a"].Passed && checks["x"].Passed);
        Assert.False(checks["b"].Passed);
        var worst = checks["b"].Worst(1)[0];
        Assert.Equal((33 * 4 - 1, 0), (worst.Index, worst.Found));
        Assert.Equal(worst.Exact, worst.Difference!.Value, 1e-7); // what disagrees is sampled first
    }

    [Fact]
    public void Check_OfNaN_Fails()
    {
        using var backend = new NotANumber();
        var checks = OpGradients.Check(OpCases.Named("matmul 5x17x33 Dense bias"), backend, 3, seed: 1).ToList();
        var failed = Assert.Single(checks, c => !c.Passed);
        Assert.Equal(("bias_backward", "bias", 0), (failed.Op, failed.Tensor, failed.Worst(1)[0].Index));
    }

    [Fact]
    public void Check_OfTheHost_PassesEveryOp()
    {
        using var backend = new HostBackend(1);
        var checks = All(backend);
        Assert.All(checks, check => Assert.True(check.Passed, $"{check.Op} {check.Place} {check.Tensor}: {check.KernelError:E2}, {check.DifferenceError:E2}"));
        Assert.Equal(OpGradients.Ops.Order(), checks.Select(c => c.Op).Distinct().Order());
        Assert.Contains("attention_backward", OpGradients.Ops);
        Assert.Contains("matmul_backward_weight", OpGradients.Ops);
        Assert.Contains("classifier_backward", OpGradients.Ops);
    }

    [Fact]
    public void Sample_OfFiveElements_TakesTheMostDifferentThenTheLargestAndNeverMoreThanAsked()
    {
        double[] exact = [1, 9, 2, 3, 4], found = [1, 9, 2.5, 3, 4];
        Assert.Equal([2], ElementSample.Of(found, exact, 1, seed: 1));
        Assert.Equal([1, 2], ElementSample.Of(found, exact, 2, seed: 1));
        Assert.Equal(4, ElementSample.Of(found, exact, 4, seed: 1).Length);
        Assert.Equal([0, 1, 2, 3, 4], ElementSample.Of(found, exact, 9, seed: 1));
    }

    [Fact]
    public void Worst_OfThreeElements_IsOrderedByTheErrorBesideTheRootMeanSquare()
    {
        var check = new GradientCheck("op", "place", "w", Found: [3, 0.1, 4], Exact: [3, 0, 5], Sample: [2], Differences: [5])
        {
            Shape = [1, 3],
            KernelTolerance = 1e-3,
        };
        double rms = Math.Sqrt(34 / 3.0);
        var worst = check.Worst(2);
        Assert.Equal([2, 1], worst.Select(e => e.Index));
        Assert.Equal(1 / 5.0, worst[0].RelativeError, 1e-12); // |5| is over the root mean square
        Assert.Equal(0.1 / rms, worst[1].RelativeError, 1e-12);
        Assert.Equal((5.0, (double?)null), (worst[0].Difference!.Value, worst[1].Difference));
        Assert.Equal(Math.Sqrt(1.01 / 34), check.KernelError, 1e-12);
        Assert.Equal("0, 2", check.IndexText(2));
        Assert.False(check.Passed);
    }

    /// <summary>L = θ³ at θ = 1: the plain difference is 3 + h², the five-point one exact.</summary>
    [Fact]
    public void Differences_OfACube_AreOffByTheSquareOfTheStep()
    {
        static double Rise(int i, double h) => Math.Pow(1 + h, 3) - Math.Pow(1 - h, 3);
        Assert.Equal(3.01, CentralDifference.Plain(Rise, 0, 0.1), 1e-12);
        Assert.Equal(3, CentralDifference.FivePoint(Rise, 0, 0.1), 1e-12);
        var sweep = StepSweep.Of("cube", [3], [0], Rise, null);
        Assert.Equal(0.01 / 3, sweep.Steps[0].Error, 1e-12);
        Assert.Equal(1e-4 / 3, sweep.Steps.Single(s => Math.Abs(s.Step - 1e-2) < 1e-9).Error, 1e-10);
        Assert.InRange(sweep.Best.Step, 1e-7, 1e-4); // ε^(1/3), where h² and ε/h meet
        Assert.True(sweep.Steps[^1].Error > 100 * sweep.Best.Error);
    }

    [Fact]
    public void Sweep_OfGelu_FallsWithTheSquareAndRisesWithRounding()
    {
        using var backend = new HostBackend(1);
        var sweep = OpGradients.Sweep(OpCases.Named("gelu Tanh 33"), "x", backend, 33, seed: 1);
        double At(double h) => sweep.Steps.Single(s => Math.Abs(s.Step / h - 1) < 1e-6).Error;
        Assert.Equal(100, At(1e-2) / At(1e-3), 1.0);
        Assert.InRange(At(1e-10), 1e-8, 1e-4);
        Assert.True(sweep.BestOwn!.Step > 10 * sweep.Best.Step, "float32 has to stop at larger steps than double");
    }
}
