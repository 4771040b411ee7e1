using LatticeFlow.Compute;
using LatticeFlow.Kernels.Groups;
using LatticeFlow.Kernels.Lanes;
using LatticeFlow.Kernels.Memory;
using LatticeFlow.Kernels.RandomNumbers;

namespace LatticeFlow.Tests.Groups;

/// <summary>Matrices of any N, at N = 3 and 2, do in every operation what the forms for SU(3) and SU(2) do.</summary>
public class MatrixFormsAgreeTests
{
    // A few rounding errors of numbers of order 10: the sums and products of one operation, in another order.
    private const double Rounding = 1e-13;

    public static TheoryData<string> Sets => CpuLanes.Sets;

    [Theory]
    [MemberData(nameof(Sets))]
    public void SU3_of_any_size_is_SU3(string set) => CpuLanes.Use(set, new SpecialUnitary3());

    // Quaternions hold real multiples of SU(2), matrices any: they meet in the group.
    [Theory]
    [MemberData(nameof(Sets))]
    public void SU2_of_any_size_is_the_quaternions(string set) => CpuLanes.Use(set, new SpecialUnitary2());

    private static List<ComplexMatrix> Operations<TLink, T>(LinkAlgebra algebra)
        where TLink : unmanaged, ILink<TLink, T>
        where T : unmanaged, IReal64<T>
    {
        using var bench = new LinkBench<TLink, T>(algebra, seed: 5);
        List<ComplexMatrix> outcome = [];
        TLink a = bench.Local(0), b = bench.Local(1), c = bench.Local(2);
        for (int e = 0; e < 2 * TLink.Generators; e++) bench.Fill(bench.Momenta, e, lane => Math.Sin((10 * e) + lane));
        T s = LinkBench<TLink, T>.Vector(lane => 0.7 - (0.3 * lane)), g = LinkBench<TLink, T>.Vector(lane => 0.1 + (0.2 * lane));
        TLink.Exponential(bench.Momenta, 0, s, bench.Work, 5, ref a);
        TLink.Exponential(bench.Momenta, 1, T.Of(3), bench.Work, 5, ref b);
        Note(a);
        Note(b);
        TLink.Multiply(a, b, ref c);
        Note(c);
        TLink.MultiplyAdjoint(a, b, ref c);
        Note(c);
        TLink.AdjointMultiply(a, b, ref c);
        Note(c);
        TLink.AddMultiply(b, a, ref c);
        Note(c);
        TLink.AddMultiplyAdjoint(b, a, ref c);
        Note(c);
        TLink.AddAdjointMultiply(b, a, ref c);
        Note(c);
        TLink.Scale(s, ref c);
        TLink.AddScaled(g, a, ref c);
        Note(c);
        TLink.MultiplyFromLeft(b, ref c);
        Note(c);
        TLink.Trace(c, out var re, out var im);
        NoteNumbers(re, im);
        TLink.TraceMultiplyAdjoint(c, a, out re, out im);
        NoteNumbers(re, im);
        for (int k = 0; k < TLink.Subgroups; k++)
        {
            TLink.Subgroup(c, k, out var a0, out var a1, out var a2, out var a3);
            NoteNumbers(a0, a1);
            NoteNumbers(a2, a3);
            TLink.MultiplySubgroup(k, a1, g, s, a0, ref c);
            Note(c);
        }

        TLink.AddAlgebra(bench.Momenta, 0, s, c);
        for (int e = 0; e < TLink.Generators; e++) NoteNumbers(T.Load(bench.Momenta, e), T.Of(0));
        TLink.FromAlgebra(bench.Momenta, 0, g, ref b);
        Note(b);
        TLink.ProjectToAlgebra(c, ref b);
        Note(b);
        TLink.Adjoint(c, ref b);
        TLink.Reunitarise(ref b);
        Note(b);
        bench.SetTable(20261, 7, 3, 0, 0);
        var streams = new Streams<T> { Key = bench.Table }.At(new Place(0, 0, 0, 0, 0));
        TLink.Haar(new StreamReals<T>(streams, T.Word(11), Purpose.Probe), ref b);
        if (TLink.Order > 2) Note(b);
        return outcome;

        void Note(in TLink link)
        {
            for (int lane = 0; lane < LinkBench<TLink, T>.Lanes; lane++) outcome.Add(bench.Value(link, lane));
        }

        void NoteNumbers(T x, T y)
        {
            for (int lane = 0; lane < LinkBench<TLink, T>.Lanes; lane++)
            {
                var number = ComplexMatrix.One(1);
                number[0, 0] = new(LinkBench<TLink, T>.Number(x, lane), LinkBench<TLink, T>.Number(y, lane));
                outcome.Add(number);
            }
        }
    }

    private static bool Agree(List<ComplexMatrix> left, List<ComplexMatrix> right)
    {
        Assert.Equal(left.Count, right.Count);
        for (int n = 0; n < left.Count; n++)
        {
            double deviation = (left[n] - right[n]).Largest;
            Assert.True(deviation <= Rounding * Math.Max(1, left[n].Largest), $"outcome {n} of {left.Count} differs by {deviation:G3}.");
        }

        return true;
    }

    private sealed class SpecialUnitary3 : ILaneUser<bool>
    {
        public bool Use<T, TDouble>(ComputeDevice device)
            where T : unmanaged, IReal<T>
            where TDouble : unmanaged, IReal64<TDouble> => Agree(
                Operations<Matrix3<TDouble>, TDouble>(LinkAlgebra.Matrices(3)), Operations<MatrixN<LinkFormTests.Size3, TDouble>, TDouble>(LinkAlgebra.Matrices(3)));
    }

    private sealed class SpecialUnitary2 : ILaneUser<bool>
    {
        public bool Use<T, TDouble>(ComputeDevice device)
            where T : unmanaged, IReal<T>
            where TDouble : unmanaged, IReal64<TDouble> => Agree(
                Operations<Quaternion<TDouble>, TDouble>(LinkAlgebra.Quaternions()), Operations<MatrixN<LinkFormTests.Size2, TDouble>, TDouble>(LinkAlgebra.Matrices(2)));
    }
}
