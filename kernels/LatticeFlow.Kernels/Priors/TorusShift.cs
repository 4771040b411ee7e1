using LatticeFlow.Kernels.Lanes;
using LatticeFlow.Kernels.Memory;
using LatticeFlow.Kernels.RandomNumbers;

namespace LatticeFlow.Kernels.Priors;

/// <summary>
/// A uniform translation of a two-dimensional torus for every replica: x_μ in 0 … L_μ − 1, as the flags of the powers of 2 that it is the sum of, the largest first, direction 0 before direction 1. One item.
/// </summary>
public struct DrawShift<T> : IKernel
    where T : unmanaged, IReal64<T>
{
    /// <summary>1 where a power is in the sum, else 0, <c>[power]</c>.</summary>
    public Reals<T> Flags;

    /// <summary>The random numbers.</summary>
    public Streams<T> Streams;

    /// <summary>The item of the purpose.</summary>
    public int Item;

    /// <summary>One of <see cref="RandomNumbers.Purpose"/>.</summary>
    public int Purpose;

    /// <summary>L₀.</summary>
    public int Extent0;

    /// <summary>L₁.</summary>
    public int Extent1;

    /// <inheritdoc/>
    public void Bind(in Place place)
    {
        Flags = Flags.At(place);
        Streams = Streams.At(place);
    }

    /// <inheritdoc/>
    public readonly void Execute(int item)
    {
        Distribution.Uniform(Streams.Block(Item, Purpose), out T first, out T second);
        int next = Write(first, Extent0, 0);
        Write(second, Extent1, next);
    }

    private readonly int Write(T uniform, int extent, int flag)
    {
        // ⌊u L⌋ as in AssemblePlaquettes.
        T one = T.Of(1), zero = T.Of(0);
        T position = uniform * T.Of(extent);
        T nearest = T.Round(position);
        T shift = T.Max(zero, T.Min(T.Of(extent - 1), T.SelectLess(position, nearest, nearest - one, nearest)));
        int power = 1;
        while (2 * power < extent) power *= 2;
        for (; power > 0; power /= 2)
        {
            T rest = shift - T.Of(power);
            T missing = T.SelectLess(rest, T.Of(-0.5), one, zero);
            T.Store(Flags, flag++, one - missing);
            shift = T.SelectLess(T.Of(0.5), missing, shift, rest);
        }

        return flag;
    }
}

/// <summary>Target[item] = Source[Moved[item]] in lanes whose flag is 1, else Source[item]: a translation that not every replica makes. An item is a number of a configuration.</summary>
public struct ShiftNumbers<T> : IKernel
    where T : unmanaged, IReal<T>
{
    /// <summary>The configuration.</summary>
    public Reals<T> Source;

    /// <summary>The result.</summary>
    public Reals<T> Target;

    /// <summary>The flags.</summary>
    public Reals<T> Flags;

    /// <summary>Which of them.</summary>
    public int Flag;

    /// <summary>Where each number comes from.</summary>
    public Table Moved;

    /// <inheritdoc/>
    public void Bind(in Place place)
    {
        Source = Source.At(place);
        Target = Target.At(place);
        Flags = Flags.At(place);
    }

    /// <inheritdoc/>
    public readonly void Execute(int item) =>
        T.Store(Target, item, T.SelectLess(T.Of(0.5), T.Load(Flags, Flag), T.Load(Source, T.Index(Moved, item)), T.Load(Source, item)));
}
