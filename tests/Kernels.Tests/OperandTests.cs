namespace LoraCollab.Kernels.Tests;

/// <summary>What ops say of their operands, against what they do to memory.</summary>
public sealed class OperandTests
{
    /// <summary>Every number of every operand before an op, and after it.</summary>
    private sealed class Roles(ComputeBackend backend) : IOpObserver
    {
        private readonly List<double[]> _before = [];

        public int Ops { get; private set; }

        /// <summary>Every written operand, and whether any case has changed it: a sum may happen to add nothing.</summary>
        public Dictionary<string, bool> Changed { get; } = [];

        public void Before(in OpCall call)
        {
            _before.Clear();
            foreach (ref readonly var operand in call.Operands) _before.Add(Values(operand));
        }

        public void After(in OpCall call)
        {
            Ops++;
            Assert.Equal(call.Operands.Length, call.Operands.ToArray().Select(o => o.Name).Distinct().Count());
            bool outputIsThere = false;
            for (int i = 0; i < call.Operands.Length; i++)
            {
                var operand = call.Operands[i];
                outputIsThere |= operand.Role != OperandRole.Input && operand.View.IsSameAs(call.Output);
                if (operand.Columns > 0) Assert.Equal(0, (operand.View.Length + operand.Ids.Length) % operand.Columns);
                if (!operand.IsEmpty) Check(call, i, operand);
            }
            Assert.True(outputIsThere, $"{call.Op}: the main output is no written operand");
        }

        private void Check(in OpCall call, int i, OpOperand operand)
        {
            var after = Values(operand);
            string name = $"{call.Op}: {operand.Name} ({operand.Role})";
            if (operand.Role == OperandRole.Input && !IsAlsoWritten(call, operand))
                Assert.True(_before[i].AsSpan().SequenceEqual(after), $"{name} has changed");
            if (operand.Role != OperandRole.Input) Changed[name] = Changed.GetValueOrDefault(name) || !_before[i].AsSpan().SequenceEqual(after);
            if (operand.Role == OperandRole.Output) Assert.DoesNotContain(after, double.IsNaN);
        }

        private static bool IsAlsoWritten(in OpCall call, OpOperand operand)
        {
            foreach (ref readonly var other in call.Operands)
                if (other.Role != OperandRole.Input && other.View.Overlaps(operand.View)) return true;
            return false;
        }

        private double[] Values(OpOperand operand)
        {
            if (!operand.Ids.IsEmpty)
            {
                var ids = new int[operand.Ids.Length];
                backend.Download(ids, operand.Ids);
                return Array.ConvertAll(ids, id => (double)id);
            }
            var values = new double[operand.View.Length];
            if (values.Length > 0) backend.Download(values, operand.View);
            return values;
        }
    }

    [Fact]
    public void Operands_OfEveryCase_ChangeAsTheirRolesSay()
    {
        using var backend = new ReferenceBackend();
        var roles = new Roles(backend);
        foreach (var c in OpCases.Tiny)
        {
            using var bound = c.Bind(backend);
            foreach (var step in c.Steps)
            {
                backend.Observer = roles;
                bound.Run(step);
                backend.Observer = null;
            }
        }
        Assert.Equal(OpCases.Tiny.Sum(c => c.Steps.Count), roles.Ops);
        Assert.True(roles.Changed.Count > 20, $"{roles.Changed.Count} written operands");
        Assert.All(roles.Changed, operand => Assert.True(operand.Value, $"{operand.Key} is never changed"));
    }

    /// <summary>Whatever an op changes is inside an operand it says it writes: all else of the case's memory is as before.</summary>
    [Fact]
    public void Operands_OfEveryCase_CoverEverythingThatIsWritten()
    {
        using var backend = new ReferenceBackend();
        foreach (var c in OpCases.Tiny)
        {
            using var bound = c.Bind(backend);
            foreach (var step in c.Steps)
            {
                var before = c.Operands.ToDictionary(o => o.Name, o => bound.Read(o.Name));
                var written = new Written();
                backend.Observer = written;
                bound.Run(step);
                backend.Observer = null;
                foreach (var operand in c.Operands)
                    if (!bound.Read(operand.Name).AsSpan().SequenceEqual(before[operand.Name]))
                        Assert.True(written.Names(bound, operand), $"{c.Name}, {step.Op}: {operand.Name} changed and is no written operand");
            }
        }
    }

    private sealed class Written : IOpObserver
    {
        private readonly List<OpOperand> _operands = [];

        public void Before(in OpCall call)
        {
            foreach (ref readonly var operand in call.Operands)
                if (operand.Role != OperandRole.Input) _operands.Add(operand);
        }

        public void After(in OpCall call) { }

        public bool Names(BoundCase bound, Operand operand) => operand is IdOperand
            ? _operands.Exists(o => ReferenceEquals(o.Ids.Buffer, bound.Ids(operand.Name).Buffer) && o.Ids.Offset == bound.Ids(operand.Name).Offset)
            : _operands.Exists(o => o.View.Overlaps(bound[operand.Name]));
    }

    [Fact]
    public void Operands_OfAPackedWeight_CarryTheWeight()
    {
        using var backend = new ReferenceBackend();
        var seen = new Weights();
        backend.Observer = seen;
        var weight = backend.Pack("w", new float[15], 3, 5);
        backend.MatMul(backend.Allocate("y", 10), backend.Allocate("x", 6), weight, default, 2);
        Assert.Equal([("y", null), ("x", null), ("w", weight), ("bias", null)], seen.Named);
    }

    private sealed class Weights : IOpObserver
    {
        public List<(string, Matrix?)> Named { get; } = [];

        public void Before(in OpCall call)
        {
            foreach (ref readonly var operand in call.Operands) Named.Add((operand.Name, operand.Weight));
        }

        public void After(in OpCall call) { }
    }
}
