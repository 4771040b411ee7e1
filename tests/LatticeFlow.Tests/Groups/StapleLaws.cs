using System.Numerics;
using LatticeFlow.Kernels.Groups;
using LatticeFlow.Kernels.Lanes;
using LatticeFlow.Kernels.Memory;

namespace LatticeFlow.Tests.Groups;

/// <summary>The force and the drift of a link form against plain sums over paths, whatever the paths: tables are random, so no lattice hides a mistake.</summary>
public static class StapleLaws
{
    // Sums of 14 paths of five matrices with entries up to 1, so numbers up to some 100.
    private const double Rounding = 1e-11;
    private const int ShortPaths = 6;
    private const int LongPaths = 8;
    private const int Bits = 2;
    private const int Seed = 72;
    private const double Coefficient = 0.7;

    /// <summary>Checks plaquettes alone, with rectangles, and with couplings of their own, each with replicas and with sub-lattices in the lanes.</summary>
    public static void Check<TLink, T>(LinkAlgebra algebra)
        where TLink : unmanaged, ILink<TLink, T>
        where T : unmanaged, IReal64<T>
    {
        foreach (bool shifted in new[] { false, true })
        {
            CheckForce<TLink, T>(algebra, shifted, 0, false);
            CheckForce<TLink, T>(algebra, shifted, LongPaths, false);
            CheckForce<TLink, T>(algebra, shifted, LongPaths, true);
        }

        CheckDrift<TLink, T>(algebra);
    }

    private static void CheckForce<TLink, T>(LinkAlgebra algebra, bool shifted, int longPaths, bool weighted)
        where TLink : unmanaged, ILink<TLink, T>
        where T : unmanaged, IReal64<T>
    {
        using var bench = new LinkBench<TLink, T>(algebra, Seed);
        var random = new Random(Seed);
        int links = LinkBench<TLink, T>.Links, lanes = LinkBench<TLink, T>.Lanes, paths = ShortPaths + longPaths;
        int[] permutations = [.. Enumerable.Range(0, 1 << Bits).SelectMany(shift => Enumerable.Range(0, lanes).Select(lane => (lane + (3 * shift)) % lanes))];
        int Entry() => shifted ? random.Next(links << Bits) : random.Next(links);
        int[] shortEntries = [.. Enumerable.Range(0, links * ShortPaths * Staples<T>.ShortLength).Select(_ => Entry())];
        int[] longEntries = [.. Enumerable.Range(0, links * longPaths * Staples<T>.LongLength).Select(_ => random.Next(2) == 0 ? Entry() : -1 - Entry())];
        double[] couplings = [0.9, -0.4, 0.3, 1.1];
        int[] couplingOfPath = [.. Enumerable.Range(0, links * paths).Select(path => weighted ? random.Next(couplings.Length) : path % paths < ShortPaths ? 0 : 1)];
        Reals<T> shared = bench.New(couplings.Length), strength = bench.New(1);
        unsafe
        {
            for (int i = 0; i < couplings.Length; i++) ((double*)shared.Host)[i] = couplings[i];
        }

        var couplingsOfLanes = bench.New(couplings.Length);
        for (int i = 0; i < couplings.Length; i++)
        {
            int number = i;
            bench.Fill(couplingsOfLanes, i, lane => couplings[number] * (1 + (0.25 * lane)));
        }

        bench.Fill(strength, 0, lane => 1 + lane);
        var before = Enumerable.Range(0, links).Select(link => Enumerable.Range(0, lanes).Select(lane => bench.Momentum(link, lane)).ToArray()).ToArray();
        var staples = new Staples<T>
        {
            Links = bench.Field,
            Work = bench.Work,
            Lanes = new LaneShifts { Permutations = bench.NewTable(permutations), Bits = shifted ? Bits : 0 },
            Short = bench.NewTable(shortEntries),
            Long = bench.NewTable(longEntries),
            ShortOfOne = ShortPaths,
            LongOfOne = longPaths,
            PrefetchEnd = links - 1,
            Couplings = couplingsOfLanes,
            Weighted = weighted ? 1 : 0,
            CouplingOfPath = bench.NewTable(couplingOfPath),
        };
        var force = new Force<TLink, T> { Staples = staples, Target = bench.Momenta, Scale = shared, Coefficient = Coefficient, Strength = strength };
        force.Bind(default);
        for (int link = 0; link < links; link++) force.Execute(link);

        ComplexMatrix Named(int entry, int lane) => shifted
            ? bench.Expected(entry >> Bits, permutations[((entry & ((1 << Bits) - 1)) * lanes) + lane])
            : bench.Expected(entry, lane);
        for (int link = 0; link < links; link++)
        {
            for (int lane = 0; lane < lanes; lane++)
            {
                var sum = new ComplexMatrix(algebra.Order);
                for (int k = 0; k < paths; k++)
                {
                    var path = k < ShortPaths
                        ? ShortPath(k, shortEntries.AsSpan(((link * ShortPaths) + k) * Staples<T>.ShortLength), entry => Named(entry, lane))
                        : LongPath(longEntries.AsSpan(((link * longPaths) + k - ShortPaths) * Staples<T>.LongLength, Staples<T>.LongLength), entry => Named(entry, lane));
                    sum += (couplings[couplingOfPath[(link * paths) + k]] * (1 + (0.25 * lane))) * path;
                }

                var turned = bench.Expected(link, lane) * sum;
                double scale = -couplings[0] * Coefficient * (1 + lane);
                var after = bench.Momentum(link, lane);
                for (int a = 0; a < after.Length; a++)
                {
                    double expected = before[link][lane][a] + (scale * (algebra.Generators[a] * turned).Trace.Imaginary);
                    Assert.True(
                        Math.Abs(after[a] - expected) <= Rounding * (1 + Math.Abs(scale)),
                        $"{typeof(TLink)}, {longPaths} long paths, shifted {shifted}, weighted {weighted}: force {a} of link {link}, lane {lane} is {after[a]:G17}, not {expected:G17}.");
                }
            }
        }
    }

    private static void CheckDrift<TLink, T>(LinkAlgebra algebra)
        where TLink : unmanaged, ILink<TLink, T>
        where T : unmanaged, IReal64<T>
    {
        const double Step = 0.31;
        using var bench = new LinkBench<TLink, T>(algebra, Seed);
        var one = bench.New(1);
        bench.Fill(one, 0, _ => 1);
        int lanes = LinkBench<TLink, T>.Lanes;
        for (int link = 0; link < LinkBench<TLink, T>.Links; link++)
        {
            var before = Enumerable.Range(0, lanes).Select(lane => bench.Expected(link, lane)).ToArray();
            var drift = new Drift<TLink, T> { Links = bench.Field, Momenta = bench.Momenta, Step = one, Coefficient = Step, Work = bench.Work };
            drift.Bind(default);
            drift.Execute(link);
            for (int lane = 0; lane < lanes; lane++)
            {
                var expected = ComplexMatrix.Exponential(Complex.ImaginaryOne * Step * algebra.Sum(bench.Momentum(link, lane))) * before[lane];
                double deviation = (bench.Expected(link, lane) - expected).Largest;
                Assert.True(deviation <= Rounding, $"{typeof(TLink)}: drift of link {link}, lane {lane} is off by {deviation:G3}.");
            }
        }
    }

    private static ComplexMatrix ShortPath(int k, ReadOnlySpan<int> entries, Func<int, ComplexMatrix> named)
    {
        ComplexMatrix a = named(entries[0]), b = named(entries[1]), c = named(entries[2]);
        return k % 2 == 0 ? a * b.Adjoint * c.Adjoint : a.Adjoint * b.Adjoint * c;
    }

    private static ComplexMatrix LongPath(ReadOnlySpan<int> entries, Func<int, ComplexMatrix> named)
    {
        var path = ComplexMatrix.One(named(0).Order);
        foreach (int entry in entries) path *= entry >= 0 ? named(entry) : named(-1 - entry).Adjoint;
        return path;
    }
}
