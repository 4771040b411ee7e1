using LatticeFlow.Compute;
using LatticeFlow.Kernels.Groups;
using LatticeFlow.Kernels.Lanes;

namespace LatticeFlow.Tests.Groups;

/// <summary>The laws of links for U(1), SU(2) and SU(4) to SU(8).</summary>
public class LinkFormTests
{
    public static TheoryData<string> Sets => CpuLanes.Sets;

    [Theory]
    [MemberData(nameof(Sets))]
    public void Phases_obey_the_laws_of_links(string set) => CpuLanes.Use(set, new PhaseLaws());

    [Theory]
    [MemberData(nameof(Sets))]
    public void Quaternions_obey_the_laws_of_links(string set) => CpuLanes.Use(set, new QuaternionLaws());

    [Theory]
    [MemberData(nameof(Sets))]
    public void Matrices_of_SU2_obey_the_laws_of_links(string set) => CpuLanes.Use(set, new MatrixLaws<Size2>());

    [Theory]
    [MemberData(nameof(Sets))]
    public void Matrices_of_SU3_obey_the_laws_of_links(string set) => CpuLanes.Use(set, new MatrixLaws<Size3>());

    [Theory]
    [MemberData(nameof(Sets))]
    public void Matrices_of_SU4_obey_the_laws_of_links(string set) => CpuLanes.Use(set, new MatrixLaws<Size4>());

    // Larger N differ in the blocks of columns that products are cut into: one set of lanes is enough.
    [Fact]
    public void Matrices_of_SU5_obey_the_laws_of_links() => CpuLanes.Use("scalar", new MatrixLaws<Size5>());

    [Fact]
    public void Matrices_of_SU6_obey_the_laws_of_links() => CpuLanes.Use("scalar", new MatrixLaws<Size6>());

    [Fact]
    public void Matrices_of_SU7_obey_the_laws_of_links() => CpuLanes.Use("scalar", new MatrixLaws<Size7>());

    [Fact]
    public void Matrices_of_SU8_obey_the_laws_of_links() => CpuLanes.Use("scalar", new MatrixLaws<Size8>());

    /// <summary>N = 2, which quaternions have a better form for.</summary>
    internal readonly struct Size2 : ISize
    {
        public static int Value => 2;
    }

    /// <summary>N = 3, which has a form of its own.</summary>
    internal readonly struct Size3 : ISize
    {
        public static int Value => 3;
    }

    private sealed class PhaseLaws : ILaneUser<bool>
    {
        public bool Use<T, TDouble>(ComputeDevice device)
            where T : unmanaged, IReal<T>
            where TDouble : unmanaged, IReal64<TDouble>
        {
            LinkLaws.Check<Phase<TDouble>, TDouble>(LinkAlgebra.Circle());
            return true;
        }
    }

    private sealed class QuaternionLaws : ILaneUser<bool>
    {
        public bool Use<T, TDouble>(ComputeDevice device)
            where T : unmanaged, IReal<T>
            where TDouble : unmanaged, IReal64<TDouble>
        {
            LinkLaws.Check<Quaternion<TDouble>, TDouble>(LinkAlgebra.Quaternions());
            LinkLaws.Check<QuaternionPlace<TDouble>, TDouble>(LinkAlgebra.Quaternions());
            return true;
        }
    }

    private sealed class MatrixLaws<TSize> : ILaneUser<bool>
        where TSize : unmanaged, ISize
    {
        public bool Use<T, TDouble>(ComputeDevice device)
            where T : unmanaged, IReal<T>
            where TDouble : unmanaged, IReal64<TDouble>
        {
            LinkLaws.Check<MatrixN<TSize, TDouble>, TDouble>(LinkAlgebra.Matrices(TSize.Value));
            return true;
        }
    }
}
