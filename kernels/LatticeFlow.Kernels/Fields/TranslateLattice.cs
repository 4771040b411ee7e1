using LatticeFlow.Kernels.Lanes;
using LatticeFlow.Kernels.Memory;

namespace LatticeFlow.Kernels.Fields;

/// <summary>
/// Target[numbers of site x] = Source[numbers of site x + a] with the vector a of the tile, modulo the extents: a translated copy of every lane of a tile, of which <see cref="TakeTranslation{T}"/> takes some. One item a site; tiles
/// without a translation do nothing. Lanes are replicas.
/// </summary>
/// <remarks>Floor: a number read and one written for every number of a configuration, no arithmetic but that of the site.</remarks>
public struct TranslateLattice<T> : IKernel
    where T : unmanaged, IReal<T>
{
    /// <summary>Integers of a tile: whether there is a translation, and a_0 … a_3 within the extents, 0 beyond the dimensions.</summary>
    public const int IntegersOfTile = 5;

    /// <summary>Configurations.</summary>
    public Reals<T> Source;

    /// <summary>The translated ones.</summary>
    public Reals<T> Target;

    /// <summary>The vectors, <c>[tile][5]</c>.</summary>
    public Table Vectors;

    /// <summary>L_0, not needed but for the range of the site.</summary>
    public int Extent0;

    /// <summary>L_1.</summary>
    public int Extent1;

    /// <summary>L_2, or 1.</summary>
    public int Extent2;

    /// <summary>L_3, or 1.</summary>
    public int Extent3;

    /// <summary>Numbers of a site.</summary>
    public int NumbersOfSite;

    private int first;

    /// <inheritdoc/>
    public void Bind(in Place place)
    {
        Source = Source.At(place);
        Target = Target.At(place);
        first = place.Tile * IntegersOfTile;
    }

    /// <inheritdoc/>
    public readonly void Execute(int item)
    {
        if (T.Index(Vectors, first) == 0) return;
        int rest = item / Extent3;
        int x3 = Moved(item - (rest * Extent3), 4, Extent3);
        int next = rest / Extent2;
        int x2 = Moved(rest - (next * Extent2), 3, Extent2);
        int x0 = next / Extent1;
        int x1 = Moved(next - (x0 * Extent1), 2, Extent1);
        x0 = Moved(x0, 1, Extent0);
        int from = ((((((x0 * Extent1) + x1) * Extent2) + x2) * Extent3) + x3) * NumbersOfSite;
        int to = item * NumbersOfSite;
        for (int i = 0; i < NumbersOfSite; i++) T.Store(Target, to + i, T.Load(Source, from + i));
    }

    private readonly int Moved(int x, int integer, int extent)
    {
        int moved = x + T.Index(Vectors, first + integer);
        return moved >= extent ? moved - extent : moved;
    }
}

/// <summary>Field[item] = Translated[item] in the lanes whose flag is 1, bit by bit; tiles without a translation do nothing. One item a number of a configuration.</summary>
/// <remarks>Floor: two numbers read and one written.</remarks>
public struct TakeTranslation<T> : IKernel
    where T : unmanaged, IReal<T>
{
    /// <summary>Configurations.</summary>
    public Reals<T> Field;

    /// <summary>What <see cref="TranslateLattice{T}"/> made.</summary>
    public Reals<T> Translated;

    /// <summary>1 in lanes that are translated, else 0.</summary>
    public Reals<T> Flags;

    /// <summary>Which of the flags.</summary>
    public int Flag;

    /// <summary>As of <see cref="TranslateLattice{T}"/>.</summary>
    public Table Vectors;

    private int first;

    /// <inheritdoc/>
    public void Bind(in Place place)
    {
        Field = Field.At(place);
        Translated = Translated.At(place);
        Flags = Flags.At(place);
        first = place.Tile * TranslateLattice<T>.IntegersOfTile;
    }

    /// <inheritdoc/>
    public readonly void Execute(int item)
    {
        if (T.Index(Vectors, first) == 0) return;
        T.Store(Field, item, T.SelectLess(T.Of(0.5), T.Load(Flags, Flag), T.Load(Translated, item), T.Load(Field, item)));
    }
}
