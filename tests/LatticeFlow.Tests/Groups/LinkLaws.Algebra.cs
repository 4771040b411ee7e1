using System.Numerics;
using LatticeFlow.Kernels.Groups;
using LatticeFlow.Kernels.Lanes;

namespace LatticeFlow.Tests.Groups;

public static partial class LinkLaws
{
    private static readonly double[] Sizes = [0, 1e-9, 1e-3, 0.1, 0.5, 1, 2, 5, 20, 100, 1000];

    private static void CheckAlgebra<TLink, T>(LinkBench<TLink, T> bench, LinkAlgebra algebra)
        where TLink : unmanaged, ILink<TLink, T>
        where T : unmanaged, IReal64<T>
    {
        T scale = bench.Different();
        Func<int, double> factor = lane => LinkBench<TLink, T>.Number(scale, lane);
        var w = bench.Open(5);
        var before = Enumerable.Range(0, LinkBench<TLink, T>.Lanes).Select(lane => bench.Momentum(2, lane)).ToArray();
        TLink.AddAlgebra(bench.Momenta, 2, scale, w);
        for (int lane = 0; lane < before.Length; lane++)
        {
            var after = bench.Momentum(2, lane);
            for (int a = 0; a < after.Length; a++)
            {
                double expected = before[lane][a] + (factor(lane) * (algebra.Generators[a] * bench.Expected(5, lane)).Trace.Imaginary);
                Assert.True(Math.Abs(after[a] - expected) <= Rounding, $"{typeof(TLink)}: component {a} of the algebra in lane {lane} is {after[a]:G17}, not {expected:G17}.");
            }
        }

        var c = bench.Local(4);
        TLink.FromAlgebra(bench.Momenta, 2, scale, ref c);
        Each(bench, "i s Σ p_a T_a", c, lane => Complex.ImaginaryOne * factor(lane) * algebra.Sum(bench.Momentum(2, lane)));
        TLink.ProjectToAlgebra(w, ref c);
        Each(bench, "projection", c, lane => algebra.Projected(bench.Expected(5, lane)));
        var again = bench.Local(5);
        TLink.ProjectToAlgebra(c, ref again);
        Each(bench, "projection twice", again, lane => algebra.Projected(bench.Expected(5, lane)));
    }

    private static void CheckExponential<TLink, T>(LinkBench<TLink, T> bench, LinkAlgebra algebra)
        where TLink : unmanaged, ILink<TLink, T>
        where T : unmanaged, IReal64<T>
    {
        foreach (double size in Sizes)
        {
            CheckExponential(bench, algebra, $"random of size {size}", _ => bench.Uniform(), _ => size);
            for (int a = 0; a < TLink.Generators; a++)
            {
                int only = a;
                CheckExponential(bench, algebra, $"generator {a}, size {size}", index => index == only ? 1 : 0, _ => size);
            }
        }

        CheckExponential(bench, algebra, "another size in each lane", _ => bench.Uniform(), lane => Sizes[(lane + 2) % Sizes.Length]);
        CheckExponential(bench, algebra, "nearly degenerate", index => index == TLink.Generators - 1 ? 1 : 1e-8 * bench.Uniform(), lane => lane + 1);
    }

    private static void CheckExponential<TLink, T>(LinkBench<TLink, T> bench, LinkAlgebra algebra, string what, Func<int, double> direction, Func<int, double> size)
        where TLink : unmanaged, ILink<TLink, T>
        where T : unmanaged, IReal64<T>
    {
        for (int a = 0; a < TLink.Generators; a++) bench.Fill(bench.Momenta, TLink.Generators + a, _ => direction(a));
        var scale = LinkBench<TLink, T>.Vector(size);
        var e = bench.Local(6);
        TLink.Exponential(bench.Momenta, 1, scale, bench.Work, 7, ref e);
        for (int lane = 0; lane < LinkBench<TLink, T>.Lanes; lane++)
        {
            var exponent = size(lane) * algebra.Sum(bench.Momentum(1, lane));
            double tolerance = ExponentialRounding * (1 + exponent.Largest * TLink.Order);
            double deviation = (bench.Value(e, lane) - ComplexMatrix.Exponential(Complex.ImaginaryOne * exponent)).Largest;
            Assert.True(deviation <= tolerance, $"{typeof(TLink)}: exponential of {what} in lane {lane} is off by {deviation:G3}, allowed {tolerance:G3}.");
            IsInGroup(bench.Value(e, lane), algebra, $"{typeof(TLink)}: exponential of {what}", tolerance);
        }
    }

    private static void CheckReunitarised<TLink, T>(LinkBench<TLink, T> bench, LinkAlgebra algebra)
        where TLink : unmanaged, ILink<TLink, T>
        where T : unmanaged, IReal64<T>
    {
        const double Perturbation = 1e-6;
        TLink u = bench.Local(6), copy = bench.Local(7);
        for (int a = 0; a < TLink.Generators; a++) bench.Fill(bench.Momenta, a, _ => bench.Uniform());
        TLink.Exponential(bench.Momenta, 0, T.Of(1), bench.Work, 8, ref u);
        TLink.Copy(u, ref copy);
        TLink.AddScaled(T.Of(Perturbation), bench.Open(0), ref u);
        TLink.Reunitarise(ref u);
        var first = Enumerable.Range(0, LinkBench<TLink, T>.Lanes).Select(lane => bench.Value(u, lane)).ToArray();
        for (int lane = 0; lane < first.Length; lane++)
        {
            IsInGroup(first[lane], algebra, $"{typeof(TLink)}: reunitarised", Rounding);
            double moved = (first[lane] - bench.Value(copy, lane)).Largest;
            Assert.True(moved < 10 * Perturbation, $"{typeof(TLink)}: re-unitarising moved a link by {moved:G3}.");
        }

        TLink.Reunitarise(ref u);
        Each(bench, "re-unitarised twice", u, lane => first[lane]);
    }

    private static void CheckSubgroups<TLink, T>(LinkBench<TLink, T> bench, LinkAlgebra algebra)
        where TLink : unmanaged, ILink<TLink, T>
        where T : unmanaged, IReal64<T>
    {
        for (int k = 0; k < TLink.Subgroups; k++)
        {
            T[] g = [bench.Different(), bench.Different(), bench.Different(), bench.Different()];
            Func<int, ComplexMatrix> embedded = lane => algebra.Embedded(k, [.. g.Select(component => LinkBench<TLink, T>.Number(component, lane))]);
            var w = bench.Open(4);
            TLink.Subgroup(w, k, out var a0, out var a1, out var a2, out var a3);
            var seen = (g[0] * a0) - (g[1] * a1) - (g[2] * a2) - (g[3] * a3);
            var (i, j) = algebra.Subgroups[k];
            Each<TLink, T>($"subgroup {k}", seen + seen, T.Of(0), lane =>
            {
                var matrix = bench.Expected(4, lane);
                var rest = matrix.Trace - matrix[i, i] - matrix[j, j];
                return ((embedded(lane) * matrix).Trace - rest).Real;
            });
            var u = bench.Local(2);
            TLink.Copy(w, ref u);
            TLink.MultiplySubgroup(k, g[0], g[1], g[2], g[3], ref u);
            Each(bench, $"product with subgroup {k}", u, lane => embedded(lane) * bench.Expected(4, lane));
        }
    }

    private static void IsInGroup(ComplexMatrix u, LinkAlgebra algebra, string what, double tolerance)
    {
        double deviation = ((u * u.Adjoint) - ComplexMatrix.One(algebra.Order)).Largest;
        Assert.True(deviation <= tolerance, $"{what} is not unitary by {deviation:G3}, allowed {tolerance:G3}.");
        if (!algebra.Special) return;
        deviation = Complex.Abs(u.Determinant() - 1);
        Assert.True(deviation <= tolerance, $"{what} has a determinant off by {deviation:G3}, allowed {tolerance:G3}.");
    }
}
