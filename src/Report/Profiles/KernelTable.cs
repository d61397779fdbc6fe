namespace LoraCollab.Report.Profiles;

/// <summary>The kernels of a profile as text: a line for every op, kernel and launch configuration.</summary>
public static class KernelTable
{
    public static void Write(TextWriter output, IReadOnlyList<ProfileKernel> kernels)
    {
        int op = Math.Max(2, kernels.Max(k => k.Op.Length)), kernel = Math.Max(6, kernels.Max(k => k.Kernel.Length));
        output.WriteLine();
        output.WriteLine("kernels; shared memory of a group, registers and local memory of a thread, groups at once on a multiprocessor; -: not told");
        output.WriteLine($"{"op".PadRight(op)}  {"kernel".PadRight(kernel)}  launches    grid  group  shared  registers  local  at once");
        foreach (var k in kernels)
            output.WriteLine($"{k.Op.PadRight(op)}  {k.Kernel.PadRight(kernel)}  {k.Launches,8}{k.Grid,8}{k.Group,7}{k.SharedBytes,8}"
                + $"{Told(k.Registers),11}{Told(k.LocalBytes),7}{Told(k.GroupsAtOnce),9}");
        output.WriteLine("--show-code KERNEL prints what ILGPU made of one");
    }

    private static string Told(long? value) => value is { } found ? $"{found}" : "-";
}
