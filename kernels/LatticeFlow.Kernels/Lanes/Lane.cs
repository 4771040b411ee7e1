namespace LatticeFlow.Kernels.Lanes;

/// <summary>Facts about lanes that kernels and devices share.</summary>
public static class Lane
{
    /// <summary>Lanes of a tile on a GPU: the threads of a warp, one replica each.</summary>
    public const int DeviceWidth = 32;
}
