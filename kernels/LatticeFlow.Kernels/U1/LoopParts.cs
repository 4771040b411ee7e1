using LatticeFlow.Kernels.Fields;
using LatticeFlow.Kernels.Functions;
using LatticeFlow.Kernels.Groups;
using LatticeFlow.Kernels.Lanes;
using LatticeFlow.Kernels.Memory;

namespace LatticeFlow.Kernels.U1;

/// <summary>
/// Parts[item] = (Σ cos θ_C, Σ sin θ_C) over one chunk of closed loops C, θ_C = Σ ± θ_link: plaquettes, Wilson loops, Polyakov loops.
/// </summary>
public struct LoopParts<T> : IKernel
    where T : unmanaged, IReal64<T>
{
    /// <summary>Sums of a chunk: cosine, sine.</summary>
    public const int Components = 2;

    /// <summary>Link angles.</summary>
    public Reals<T> Links;

    /// <summary>The links of every loop, <c>[loop][LinksOfOne]</c>.</summary>
    public Table LinksOfLoops;

    /// <summary>Two partial sums a chunk.</summary>
    public Sums Parts;

    /// <summary>The first loop.</summary>
    public int First;

    /// <summary>Loops to sum.</summary>
    public int Loops;

    /// <summary>Links of a loop.</summary>
    public int LinksOfOne;

    /// <summary>How many of them, the first ones, are walked forwards; the others backwards.</summary>
    public int Forwards;

    /// <summary>What the entries of the tables mean.</summary>
    public LaneShifts Lanes;

    /// <inheritdoc/>
    public void Bind(in Place place)
    {
        Links = Links.At(place);
        Parts = Parts.At<T>(place);
    }

    /// <inheritdoc/>
    public void Execute(int item)
    {
        T real = T.Of(0);
        T imaginary = T.Of(0);
        int end = Chunk.End(item, Loops);
        for (int loop = Chunk.First(item); loop < end; loop++)
        {
            int link = (First + loop) * LinksOfOne;
            T angle = T.Of(0);
            for (int k = 0; k < Forwards; k++) angle += LinkReference.Load(Links, Lanes, T.Index(LinksOfLoops, link + k));
            for (int k = Forwards; k < LinksOfOne; k++) angle -= LinkReference.Load(Links, Lanes, T.Index(LinksOfLoops, link + k));
            Trigonometry.SinCos(angle, out T sin, out T cos);
            real += cos;
            imaginary += sin;
        }

        T.StoreTo(Parts, Components * item, real);
        T.StoreTo(Parts, Components * item + 1, imaginary);
    }
}
