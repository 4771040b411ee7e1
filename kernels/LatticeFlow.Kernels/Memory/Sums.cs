using ILGPU;
using LatticeFlow.Kernels.Lanes;

namespace LatticeFlow.Kernels.Memory;

/// <summary>
/// A view of doubles laid out <c>[tile][element][lane]</c>, whatever the precision of the kernel: actions, log-densities and
/// random numbers live here. The tile may be wider than the lane type, so that eight double lanes can fill half of a tile of sixteen.
/// </summary>
public struct Sums
{
    /// <summary>The device memory; empty on the CPU.</summary>
    public ArrayView<double> Device;

    /// <summary>The address of the bound tile and first lane; 0 on a device.</summary>
    public long Host;

    /// <summary>Elements of one tile.</summary>
    public int Stride;

    /// <summary>Lanes of one tile.</summary>
    public int Width;

    /// <summary>One of <see cref="Memory.Scope"/>.</summary>
    public int Scope;

    /// <summary>The first device index of the bound tile and lane.</summary>
    public int Base;

    /// <summary>The same view, bound to <paramref name="place"/> as a kernel with lane type <typeparamref name="T"/> counts tiles.</summary>
    public readonly Sums At<T>(in Place place)
        where T : unmanaged, IReal<T>
    {
        var bound = this;
        int block = place.Block(Scope);
        int lane = 0;
        if (Scope == Memory.Scope.Tile && T.Width != Width)
        {
            int replica = block * T.Width;
            block = replica / Width;
            lane = replica - block * Width;
        }

        bound.Host = Host + ((long)block * Stride * Width + lane) * sizeof(double);
        bound.Base = block * Stride * Lane.DeviceWidth + place.Lane;
        return bound;
    }
}
