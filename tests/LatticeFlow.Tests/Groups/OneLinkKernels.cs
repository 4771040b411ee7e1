using LatticeFlow.Kernels;
using LatticeFlow.Kernels.Groups;
using LatticeFlow.Kernels.Lanes;
using LatticeFlow.Kernels.Memory;
using LatticeFlow.Kernels.RandomNumbers;

namespace LatticeFlow.Tests.Groups;

/// <summary>Links from Haar measure, and one that is 1.</summary>
internal struct HaarOneLink<TLink, T> : IKernel
    where TLink : unmanaged, ILink<TLink, T>
    where T : unmanaged, IReal64<T>
{
    public Reals<T> Links;
    public Streams<T> Streams;
    public int One;

    public void Bind(in Place place)
    {
        Links = Links.At(place);
        Streams = Streams.At(place);
    }

    public readonly void Execute(int item)
    {
        var link = TLink.Open(Links, item);
        if (item == One) TLink.SetOne(ref link);
        else TLink.Haar(new StreamReals<T>(Streams, Streams.Item(item, TLink.HaarBlocks, 0), Purpose.Start), ref link);
        TLink.Store(Links, item, link);
    }
}

/// <summary>tr(U V) of link 0, V without its factor.</summary>
internal struct TraceOfLoops<TLink, T> : IKernel
    where TLink : unmanaged, ILink<TLink, T>
    where T : unmanaged, IReal64<T>
{
    public Staples<T> Staples;
    public Reals<T> Target;

    public void Bind(in Place place)
    {
        Staples = Staples.At(place);
        Target = Target.At(place);
    }

    public readonly void Execute(int item)
    {
        var sum = TLink.Local(Staples.Work, 0);
        var product = TLink.Local(Staples.Work, Staples<T>.Slots);
        Staples.Sum(item, ref sum);
        TLink.Multiply(TLink.Open(Staples.Links, item), sum, ref product);
        TLink.Trace(product, out T re, out T im);
        T.Store(Target, 0, re);
        T.Store(Target, 1, im);
    }
}
