using System.Runtime.CompilerServices;
using LatticeFlow.Kernels.Functions;
using LatticeFlow.Kernels.Lanes;

namespace LatticeFlow.Kernels.RandomNumbers;

/// <summary>Random numbers of a distribution, a pair from each Philox block.</summary>
public static class Distribution
{
    /// <summary>Two independent uniform numbers in (0, 1), multiples of 2⁻⁵³ with 52 random bits each.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Uniform<T>(in Philox<T> block, out T first, out T second)
        where T : unmanaged, IReal64<T>
    {
        first = T.UnitInterval(block.W1, block.W0);
        second = T.UnitInterval(block.W3, block.W2);
    }

    /// <summary>Two independent uniform angles in (−π, π): 2π·(u − ½).</summary>
    public static void Angle<T>(in Philox<T> block, out T first, out T second)
        where T : unmanaged, IReal64<T>
    {
        Uniform(block, out var u, out var v);
        first = ToAngle(u);
        second = ToAngle(v);
    }

    /// <summary>Two independent numbers of the normal distribution, mean 0 and variance 1: √(−2 ln u)·(cos θ, sin θ). At most 8.57 in size.</summary>
    /// <remarks>Source: G. E. P. Box, M. E. Muller, Ann. Math. Stat. 29 (1958) 610.</remarks>
    public static void Gaussian<T>(in Philox<T> block, out T first, out T second)
        where T : unmanaged, IReal64<T>
    {
        Uniform(block, out var u, out var v);
        var radius = T.Sqrt(T.Of(-2.0) * Logarithm.Log(u));
        Trigonometry.SinCos(ToAngle(v), out var sin, out var cos);
        first = radius * cos;
        second = radius * sin;
    }

    // The largest u is 1 − 2⁻⁵³, so the angle stays below π.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static T ToAngle<T>(T u)
        where T : unmanaged, IReal64<T> => (u - T.Of(0.5)) * T.Of(6.2831853071795862);
}
