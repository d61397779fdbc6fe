namespace LoraCollab.Engine.Diagnostics;

/// <summary>
/// One op's operands as a safetensors file: <c>in.NAME</c> is what it read, as it was before, <c>out.NAME</c> what it wrote; weights are [IC, OC].
/// The notes say the op, the place, the step, the backend and what was wrong, and the role of every operand.
/// </summary>
internal static class OpFaultFile
{
    private static readonly Lock s_names = new();

    /// <param name="before">What operands that were changed held before, by index.</param>
    /// <returns>The path.</returns>
    /// <exception cref="UserException">The file cannot be written.</exception>
    public static string Write(string folder, ComputeBackend lane, in OpCall call, IReadOnlyDictionary<int, double[]> before, string fault)
    {
        var bag = new TensorBag
        {
            Metadata = { ["op"] = call.Op, ["scope"] = call.Scope, ["step"] = lane.Step.ToString(), ["backend"] = lane.Description, ["fault"] = fault },
        };
        for (int i = 0; i < call.Operands.Length; i++)
        {
            var operand = call.Operands[i];
            if (operand.IsEmpty) continue;
            bag.Metadata[$"role.{operand.Name}"] = operand.Role.ToString().ToLowerInvariant();
            if (operand.Role is OperandRole.Input or OperandRole.Updated) Add(bag, $"in.{operand.Name}", lane, operand, before.GetValueOrDefault(i));
            if (operand.Role != OperandRole.Input) Add(bag, $"out.{operand.Name}", lane, operand, null);
        }
        Directory.CreateDirectory(folder);
        lock (s_names)
        {
            string path = Free(Path.Combine(folder, $"debug-{call.Op}-{lane.Step}"));
            bag.Save(path);
            return path;
        }
    }

    /// <summary>A name that no file has: two clients may fail at the same op and step, on lanes side by side.</summary>
    private static string Free(string path)
    {
        string free = path + ".safetensors";
        for (int n = 2; File.Exists(free); n++) free = $"{path}-{n}.safetensors";
        return free;
    }

    private static void Add(TensorBag bag, string name, ComputeBackend lane, OpOperand operand, double[]? values)
    {
        if (operand.Weight is { } weight)
        {
            var numbers = new float[checked(weight.IC * weight.OC)];
            lane.Unpack(numbers, weight);
            bag.Add(name, [weight.IC, weight.OC], numbers);
        }
        else if (!operand.Ids.IsEmpty)
        {
            var ids = new int[operand.Ids.Length];
            lane.Download(ids, operand.Ids);
            bag.Add(name, Shape(ids.Length, operand.Columns), ids);
        }
        else
        {
            if (values is null) lane.Download(values = new double[operand.View.Length], operand.View);
            int[] shape = Shape(values.Length, operand.Columns);
            if (lane.RealBytes == sizeof(double)) bag.Add(name, shape, values);
            else bag.Add(name, shape, Array.ConvertAll(values, x => (float)x));
        }
    }

    private static int[] Shape(int length, int columns) => columns > 0 ? [length / columns, columns] : [length];
}
