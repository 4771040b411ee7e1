using System.Runtime.CompilerServices;
using ILGPU;
using LatticeFlow.Kernels.Lanes;

namespace LatticeFlow.Kernels.Memory;

/// <summary>
/// A view of real numbers laid out <c>[block][element][lane]</c> (fields), or <c>[element]</c> (shared constants read through
/// <see cref="IReal{T}.Uniform"/>). On the CPU a block is addressed by <see cref="Host"/>, on a device by <see cref="Base"/>.
/// </summary>
public struct Reals<T>
    where T : unmanaged, IReal<T>
{
    /// <summary>The device memory; empty on the CPU.</summary>
    public ArrayView<T> Device;

    /// <summary>The address of the bound block; 0 on a device.</summary>
    public long Host;

    /// <summary>Elements of one block.</summary>
    public int Stride;

    /// <summary>One of <see cref="Memory.Scope"/>.</summary>
    public int Scope;

    /// <summary>The first device index of the bound block and lane.</summary>
    public int Base;

    /// <summary>The same view, bound to the block and lane of <paramref name="place"/>.</summary>
    public readonly Reals<T> At(in Place place)
    {
        var bound = this;
        int block = place.Block(Scope);
        bound.Host = Host + (long)block * Stride * T.Bytes;
        bound.Base = block * Stride * Lane.DeviceWidth + place.Lane;
        return bound;
    }

    /// <summary>
    /// A bound view that starts at element <paramref name="e"/>. Elements counted from there by constants cost no address arithmetic, which
    /// in the loops of a convolution is as much work as the fused multiply-adds.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public readonly Reals<T> From(int e)
    {
        var part = this;
        part.Host = Host + ((long)e * T.Bytes);
        part.Base = Base + (e * Lane.DeviceWidth);
        return part;
    }

    /// <summary>
    /// Shared numbers from number <paramref name="i"/> on, for <see cref="IReal{T}.Uniform"/> in the forms for <see cref="Lane.NarrowBytes"/>: a device counts from the first number always.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public readonly Reals<T> FromNumber(int i)
    {
        var part = this;
        part.Host = Host + ((long)i * (T.IsDouble ? sizeof(double) : sizeof(float)));
        return part;
    }
}
