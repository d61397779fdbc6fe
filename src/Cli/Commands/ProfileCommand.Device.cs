using CommandLine;

namespace LoraCollab.Cli.Commands;

/// <summary>What is told of the device beside times: its kernels, their code, and its memory.</summary>
internal sealed partial class ProfileCommand
{
    [Option("memory",
        HelpText = "Also show what is held of the device's memory beside the estimate; without --collab also with other batches, sequences and client counts.")]
    public bool Memory { get; set; }

    [Option("show-code", MetaValue = "KERNEL",
        HelpText = "Run nothing: print what ILGPU makes of a kernel, PTX or with --backend opencl OpenCL C. No GPU is needed; a wrong name lists all kernels.")]
    public string? ShowCode { get; set; }

    private int PrintCode(CommandContext context)
    {
        var kind = Choice.Of("--backend", Backend, BackendKind.Cuda, ("auto", BackendKind.Cuda), ("cuda", BackendKind.Cuda), ("opencl", BackendKind.OpenCL));
        string kernel = KernelCode.Find(ShowCode!) ?? throw Choice.Unknown("--show-code", ShowCode!, KernelCode.Names);
        string code = KernelCode.Of(kernel, kind).ReplaceLineEndings("\n").TrimEnd('\0', '\n') + "\n";
        if (Json) context.Out.WriteLine(JsonText.Line(new { kernel, language = kind == BackendKind.Cuda ? "ptx" : "opencl-c", shared_bytes = KernelCode.SharedBytes(kernel), code }));
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
