namespace LoraCollab.Cli.Profiling;

/// <summary>What is told of the device beside times: its kernels, their code, and its memory.</summary>
internal sealed partial class ProfileCommand
{
    [Option("memory", OptionGroup.Output, "Also show what is held of the device's memory beside the estimate; without --collab also with other batches, "
        + "sequences and "
        + "client counts.", Common = true)]
    public bool Memory { get; init; }

    [Option("show-code", OptionGroup.Output,
        "Run nothing: print what ILGPU makes of a kernel, PTX or with --backend opencl OpenCL C. No GPU is needed; a wrong name "
        + "lists all kernels.", Value = "KERNEL", Common = true)]
    public string? ShowCode { get; init; }

    private int PrintCode(CommandContext context)
    {
        if (Machine.Backend is not (null or "auto" or "cuda" or "opencl"))
            throw OptionException.Unknown("backend", Machine.Backend, ["auto", "cuda", "opencl"]);
        var kind = Machine.Backend == "opencl" ? BackendKind.OpenCL : BackendKind.Cuda;
        string kernel = KernelCode.Find(ShowCode!) ?? throw OptionException.Unknown("show-code", ShowCode!, KernelCode.Names);
        string code = KernelCode.Of(kernel, kind).ReplaceLineEndings("\n").TrimEnd('\0', '\n') + "\n";
        if (Json) context.Out.WriteLine(JsonText.Line(new
        {
            kernel,
            language = kind == BackendKind.Cuda ? "ptx" : "opencl-c",
            shared_bytes = KernelCode.SharedBytes(kernel),
            code
        }));
        else context.Out.Write(code);
        return ExitCode.Success;
    }

    private void WriteDevice(CommandContext context, ProfileRecord profile)
    {
        if (!Json && profile.Kernels is { } kernels)
        {
            KernelTable.Write(context.Out, kernels);
            context.Out.WriteLine("--show-code KERNEL prints what ILGPU made of one");
        }
        if (!Json && profile.Memory is { } memory) MemoryTable.Write(context.Out, memory);
    }
}
