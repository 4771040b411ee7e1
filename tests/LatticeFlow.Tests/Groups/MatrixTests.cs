using System.Runtime.Intrinsics;
using LatticeFlow.Kernels.Groups;
using LatticeFlow.Kernels.Lanes;

namespace LatticeFlow.Tests.Groups;

public class MatrixTests
{
    private static readonly LinkAlgebra Su3 = LinkAlgebra.Matrices(3);

    [Fact]
    public void SU3_in_memory_obeys_the_laws_of_links_on_scalars() => LinkLaws.Check<Matrix3<Double1>, Double1>(Su3);

    [Fact]
    public void SU3_in_registers_obeys_the_laws_of_links() => LinkLaws.Check<Registers3<Double1>, Double1>(Su3);

    [Fact]
    public void SU3_in_memory_obeys_the_laws_of_links_on_short_vectors()
    {
        if (Vector256.IsHardwareAccelerated) LinkLaws.Check<Matrix3<Double4>, Double4>(Su3);
    }

    [Fact]
    public void SU3_in_memory_obeys_the_laws_of_links_on_long_vectors()
    {
        if (Vector512.IsHardwareAccelerated) LinkLaws.Check<Matrix3<Double8>, Double8>(Su3);
    }

    [Fact]
    public void Forces_and_drifts_of_SU3_are_sums_over_paths_and_exponentials()
    {
        StapleLaws.Check<Matrix3<Double1>, Double1>(Su3);
        StapleLaws.Check<Registers3<Double1>, Double1>(Su3);
        if (Vector256.IsHardwareAccelerated) StapleLaws.Check<Matrix3<Double4>, Double4>(Su3);
        if (Vector512.IsHardwareAccelerated) StapleLaws.Check<Matrix3<Double8>, Double8>(Su3);
    }
}
