using ILGPU;
using ILGPU.Runtime;

namespace LoraCollab.Kernels.Ilgpu;

/// <summary>
/// How a kernel, which cannot throw, tells of an id beyond the vocabulary: the first one found leaves its particulars in the lane's fault buffer.
/// </summary>
internal sealed partial class IlgpuBackend
{
    private const int FaultFields = 4, EmbeddingFault = 1, EmbeddingBackwardFault = 2, ClassifierFault = 3;

    private readonly MemoryBuffer1D<int, Stride1D.Dense> _fault;
    private readonly int[] _faultCopy = new int[FaultFields];
    private bool _faultPossible;

    /// <summary>The buffer for a kernel that checks ids.</summary>
    private ArrayView<int> FaultBuffer()
    {
        _faultPossible = true;
        return _fault.View;
    }

    private void ThrowFault()
    {
        if (!_faultPossible) return;
        _faultPossible = false;
        _fault.View.BaseView.CopyToCPU(_stream, _faultCopy.AsSpan());
        if (_faultCopy[0] == 0) return;
        _fault.MemSetToZero(_stream);
        string op = _faultCopy[0] switch { EmbeddingFault => "embedding", EmbeddingBackwardFault => "embedding_backward", _ => "classifier" };
        throw new ArgumentOutOfRangeException("ids", _faultCopy[2], $"{op}: the id at position {_faultCopy[1]} is outside the vocabulary of {_faultCopy[3]}");
    }

    private static void Fault(ArrayView<int> fault, int op, int position, int id, int vocabulary)
    {
        if (Atomic.CompareExchange(ref fault[0], 0, op) != 0) return;
        fault[1] = position;
        fault[2] = id;
        fault[3] = vocabulary;
    }
}
