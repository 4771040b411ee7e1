using LatticeFlow.Kernels.Fields;
using LatticeFlow.Kernels.Lanes;
using LatticeFlow.Kernels.Memory;

namespace LatticeFlow.Kernels.Groups;

/// <summary>
/// Parts[item] = Σ w_C tr U(C), real and imaginary part, over one chunk of closed loops C: plaquettes, rectangles, Wilson loops, Polyakov loops. Of the links of a loop the first
/// <see cref="Forwards"/> are walked forwards, the others backwards: U(C) = U_1 … U_f U†_{f+1} … U†_n.
/// </summary>
public struct LoopTraces<TLink, T> : IKernel
    where TLink : unmanaged, ILink<TLink, T>
    where T : unmanaged, IReal<T>
{
    /// <summary>Sums of a chunk: real part, imaginary part.</summary>
    public const int Components = 2;

    /// <summary>Matrices of the work field.</summary>
    public const int Slots = 5;

    /// <summary>Links.</summary>
    public Reals<T> Links;

    /// <summary>Entries of the links of each loop, <c>[loop][LinksOfOne]</c>.</summary>
    public Table LinksOfLoops;

    /// <summary>What entries mean.</summary>
    public LaneShifts Lanes;

    /// <summary>w, shared; read where <see cref="Weighted"/> is 1.</summary>
    public Reals<T> Weights;

    /// <summary>Which w a loop has.</summary>
    public Table WeightOfLoop;

    /// <summary>0 where w = 1.</summary>
    public int Weighted;

    /// <summary>Partial sums.</summary>
    public Sums Parts;

    /// <summary>Loops of a lane.</summary>
    public int Loops;

    /// <summary>Links of a loop, at least 1.</summary>
    public int LinksOfOne;

    /// <summary>How many of them are walked forwards, at least 1.</summary>
    public int Forwards;

    /// <summary>The work field.</summary>
    public Reals<T> Work;

    /// <inheritdoc/>
    public void Bind(in Place place)
    {
        Links = Links.At(place);
        Parts = Parts.At<T>(place);
        Work = Work.At(place);
    }

    /// <inheritdoc/>
    public readonly void Execute(int item)
    {
        T real = T.Of(0);
        T imaginary = T.Of(0);
        int end = Chunk.End(item, Loops);
        for (int loop = Chunk.First(item); loop < end; loop++)
        {
            Trace(loop * LinksOfOne, out T re, out T im);
            T weight = Weighted == 0 ? T.Of(1) : T.Uniform(Weights, T.Index(WeightOfLoop, loop));
            real = T.Fma(weight, re, real);
            imaginary = T.Fma(weight, im, imaginary);
        }

        T.StoreTo(Parts, Components * item, real);
        T.StoreTo(Parts, (Components * item) + 1, imaginary);
    }

    private readonly void Trace(int first, out T re, out T im)
    {
        var forward = TLink.Local(Work, 0);
        var other = TLink.Local(Work, 1);
        TLink.Copy(LinkReference.Open(Links, Lanes, T.Index(LinksOfLoops, first), TLink.Local(Work, 4)), ref forward);
        for (int k = 1; k < Forwards; k++)
        {
            TLink.Multiply(forward, LinkReference.Open(Links, Lanes, T.Index(LinksOfLoops, first + k), TLink.Local(Work, 4)), ref other);
            (forward, other) = (other, forward);
        }

        if (Forwards == LinksOfOne)
        {
            TLink.Trace(forward, out re, out im);
            return;
        }

        var backward = TLink.Local(Work, 2);
        var spare = TLink.Local(Work, 3);
        TLink.Copy(LinkReference.Open(Links, Lanes, T.Index(LinksOfLoops, first + Forwards), TLink.Local(Work, 4)), ref backward);
        for (int k = Forwards + 1; k < LinksOfOne; k++)
        {
            TLink.Multiply(LinkReference.Open(Links, Lanes, T.Index(LinksOfLoops, first + k), TLink.Local(Work, 4)), backward, ref spare);
            (backward, spare) = (spare, backward);
        }

        TLink.TraceMultiplyAdjoint(forward, backward, out re, out im);
    }
}
