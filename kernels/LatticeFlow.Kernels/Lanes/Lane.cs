namespace LatticeFlow.Kernels.Lanes;

/// <summary>Facts about lanes that kernels and devices share.</summary>
public static class Lane
{
    /// <summary>Lanes of a tile on a GPU: the threads of a warp, one replica each.</summary>
    public const int DeviceWidth = 32;

    /// <summary>
    /// <see cref="IReal{T}.Bytes"/> of the registers of AVX2, of which a processor has sixteen; AVX-512 and GPUs have more. The innermost loops have a form for each: a sum that does not
    /// fit is read and written once an iteration.
    /// </summary>
    public const int NarrowBytes = 32;
}
