using System.Numerics;
using LatticeFlow.Kernels.Groups;
using LatticeFlow.Kernels.Lanes;

namespace LatticeFlow.Tests.Groups;

/// <summary>Every law of a link, memory or register form, of any group: one call a form and lane type.</summary>
public static partial class LinkLaws
{
    // Numbers are of order 1 and sums have at most 2N terms: a few rounding errors.
    private const double Rounding = 1e-13;

    // The exponential of a matrix of norm x turns by an angle x, known to x rounding errors; the series that it is compared with squares as often as log2 x.
    private const double ExponentialRounding = 2e-14;
    private const int Seed = 71;

    /// <summary>Checks all methods of <see cref="ILink{TLink, T}"/> in every lane against plain complex arithmetic with explicit generators.</summary>
    public static void Check<TLink, T>(LinkAlgebra algebra)
        where TLink : unmanaged, ILink<TLink, T>
        where T : unmanaged, IReal64<T>
    {
        using var bench = new LinkBench<TLink, T>(algebra, Seed);
        CheckSizes<TLink, T>(algebra);
        CheckPlaces(bench);
        CheckProducts(bench);
        CheckLinear(bench);
        CheckAlgebra(bench, algebra);
        CheckExponential(bench, algebra);
        CheckReunitarised(bench, algebra);
        CheckSubgroups(bench, algebra);
        CheckHaar(bench, algebra);
    }

    private static void CheckSizes<TLink, T>(LinkAlgebra algebra)
        where TLink : unmanaged, ILink<TLink, T>
        where T : unmanaged, IReal64<T>
    {
        Assert.Equal(algebra.Order, TLink.Order);
        Assert.Equal(algebra.Components, TLink.Components);
        Assert.Equal(algebra.Generators.Count, TLink.Generators);
        Assert.Equal(algebra.Subgroups.Count, TLink.Subgroups);
        for (int a = 0; a < TLink.Generators; a++)
        {
            for (int b = 0; b < TLink.Generators; b++)
            {
                double norm = a != b ? 0 : algebra.Special ? 0.5 : 1;
                Assert.True(Complex.Abs((algebra.Generators[a] * algebra.Generators[b]).Trace - norm) < Rounding, $"generators {a}, {b}");
            }
        }
    }

    private static void CheckShifted<TLink, T>(LinkBench<TLink, T> bench, Func<int, int> source)
        where TLink : unmanaged, ILink<TLink, T>
        where T : unmanaged, IReal64<T>
    {
        var lanes = Enumerable.Range(0, LinkBench<TLink, T>.Lanes);
        bench.SetTable([.. lanes, .. lanes.Select(source)]);
        var shifted = TLink.OpenShifted(bench.Field, 3, bench.Table, 1, bench.Local(0));
        Each(bench, "shifted", shifted, lane => bench.Expected(3, source(lane)));
    }

    private static void CheckPlaces<TLink, T>(LinkBench<TLink, T> bench)
        where TLink : unmanaged, ILink<TLink, T>
        where T : unmanaged, IReal64<T>
    {
        int lanes = LinkBench<TLink, T>.Lanes;
        Each(bench, "open", bench.Open(1), lane => bench.Expected(1, lane));
        TLink.Store(bench.Field, 2, bench.Open(1));
        Each(bench, "store", bench.Open(2), lane => bench.Expected(1, lane));
        CheckShifted(bench, lane => lane / 2);
        for (int shift = 1; shift < lanes; shift++)
        {
            // Lanes are sub-lattices of one direction, or of two halves of several.
            CheckShifted(bench, lane => (lane + shift) % lanes);
            CheckShifted(bench, lane => lane ^ shift);
        }

        var own = bench.Local(1);
        TLink.Copy(bench.Open(3), ref own);
        Each(bench, "copy", own, lane => bench.Expected(3, lane));
        TLink.Store(bench.Field, 2, own);
        Each(bench, "store of a copy", bench.Open(2), lane => bench.Expected(3, lane));
        TLink.SetZero(ref own);
        Each(bench, "zero", own, _ => new ComplexMatrix(TLink.Order));
        TLink.SetOne(ref own);
        Each(bench, "one", own, _ => ComplexMatrix.One(TLink.Order));
    }

    private static void CheckProducts<TLink, T>(LinkBench<TLink, T> bench)
        where TLink : unmanaged, ILink<TLink, T>
        where T : unmanaged, IReal64<T>
    {
        TLink a = bench.Open(0), b = bench.Open(4), c = bench.Local(2), d = bench.Local(3);
        Func<int, ComplexMatrix> x = lane => bench.Expected(0, lane), y = lane => bench.Expected(4, lane);
        TLink.Adjoint(a, ref c);
        Each(bench, "a†", c, lane => x(lane).Adjoint);
        TLink.Multiply(a, b, ref c);
        Each(bench, "a b", c, lane => x(lane) * y(lane));
        TLink.MultiplyAdjoint(c, b, ref d);
        Each(bench, "a b b†, operands of the kernel's own", d, lane => x(lane) * y(lane) * y(lane).Adjoint);
        TLink.MultiplyAdjoint(a, b, ref c);
        Each(bench, "a b†", c, lane => x(lane) * y(lane).Adjoint);
        TLink.AdjointMultiply(a, b, ref c);
        Each(bench, "a† b", c, lane => x(lane).Adjoint * y(lane));
        TLink.AddMultiply(a, b, ref c);
        Each(bench, "+ a b", c, lane => (x(lane).Adjoint * y(lane)) + (x(lane) * y(lane)));
        TLink.Copy(b, ref c);
        TLink.AddMultiplyAdjoint(a, b, ref c);
        Each(bench, "+ a b†", c, lane => y(lane) + (x(lane) * y(lane).Adjoint));
        TLink.Copy(b, ref c);
        TLink.AddAdjointMultiply(a, b, ref c);
        Each(bench, "+ a† b", c, lane => y(lane) + (x(lane).Adjoint * y(lane)));
        TLink.Copy(b, ref c);
        TLink.MultiplyFromLeft(a, ref c);
        Each(bench, "e u in place", c, lane => x(lane) * y(lane));
    }

    private static void CheckLinear<TLink, T>(LinkBench<TLink, T> bench)
        where TLink : unmanaged, ILink<TLink, T>
        where T : unmanaged, IReal64<T>
    {
        TLink a = bench.Open(0), b = bench.Open(4), c = bench.Local(2);
        T s = bench.Different();
        Func<int, double> factor = lane => LinkBench<TLink, T>.Number(s, lane);
        TLink.Copy(a, ref c);
        TLink.Scale(s, ref c);
        Each(bench, "s c", c, lane => factor(lane) * bench.Expected(0, lane));
        TLink.AddScaled(s, b, ref c);
        Each(bench, "c + s a", c, lane => factor(lane) * (bench.Expected(0, lane) + bench.Expected(4, lane)));
        TLink.Trace(c, out var re, out var im);
        Each<TLink, T>("tr", re, im, lane => factor(lane) * (bench.Expected(0, lane) + bench.Expected(4, lane)).Trace);
        TLink.TraceMultiplyAdjoint(c, a, out re, out im);
        Each<TLink, T>("tr a b†", re, im, lane => factor(lane) * ((bench.Expected(0, lane) + bench.Expected(4, lane)) * bench.Expected(0, lane).Adjoint).Trace);
    }

    private static void Each<TLink, T>(LinkBench<TLink, T> bench, string what, in TLink link, Func<int, ComplexMatrix> expected, double tolerance = Rounding)
        where TLink : unmanaged, ILink<TLink, T>
        where T : unmanaged, IReal64<T>
    {
        for (int lane = 0; lane < LinkBench<TLink, T>.Lanes; lane++)
        {
            double deviation = (bench.Value(link, lane) - expected(lane)).Largest;
            Assert.True(deviation <= tolerance, $"{typeof(TLink)}: {what} in lane {lane} is off by {deviation:G3}, allowed {tolerance:G3}.");
        }
    }

    private static void Each<TLink, T>(string what, T re, T im, Func<int, Complex> expected, double tolerance = Rounding)
        where TLink : unmanaged, ILink<TLink, T>
        where T : unmanaged, IReal64<T>
    {
        for (int lane = 0; lane < LinkBench<TLink, T>.Lanes; lane++)
        {
            double deviation = Complex.Abs(new Complex(LinkBench<TLink, T>.Number(re, lane), LinkBench<TLink, T>.Number(im, lane)) - expected(lane));
            Assert.True(deviation <= tolerance, $"{typeof(TLink)}: {what} in lane {lane} is off by {deviation:G3}, allowed {tolerance:G3}.");
        }
    }
}
