using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace LatticeFlow.Kernels.Lanes;

/// <summary>Registers of four doubles with their lanes permuted.</summary>
/// <remarks>
/// Lanes that are sub-lattices of one direction are handed round; those of two directions are exchanged with their neighbours or by halves. A shuffle within halves and an
/// exchange of halves do these at about a register a cycle. The permutation of any kind takes more than two cycles on AMD Zen 3, in which time two operands of an SU(3) product are read.
/// </remarks>
internal static unsafe class FourLanes
{
    private const MethodImplOptions Inline = MethodImplOptions.AggressiveInlining;

    /// <summary>Two shuffles that together permute four lanes.</summary>
    private interface IPermutation
    {
        static abstract Vector256<double> Apply(Vector256<double> lanes);
    }

    /// <summary>target[i][j] = source[i][lanes[j]] for <paramref name="count"/> registers.</summary>
    [MethodImpl(Inline)]
    public static void Copy(double* source, int* lanes, int count, double* target)
    {
        var order = Vector128.Load(lanes);
        if (order == Vector128.Create(1, 2, 3, 0)) Copy<Ahead>(source, count, target);
        else if (order == Vector128.Create(3, 0, 1, 2)) Copy<Behind>(source, count, target);
        else if (order == Vector128.Create(1, 0, 3, 2)) Copy<Neighbours>(source, count, target);
        else if (order == Vector128.Create(2, 3, 0, 1)) Copy<Halves>(source, count, target);
        else CopyAny(source, Indices(lanes), count, target);
    }

    /// <summary>lanes[j] of a register, for j = 0 … 3.</summary>
    [MethodImpl(Inline)]
    public static Vector256<double> Permute(Vector256<double> register, int* lanes) => Avx2.PermuteVar8x32(register.AsSingle(), Indices(lanes)).AsDouble();

    // A lane is two halves of 32 bits: lane i takes the halves 2s and 2s + 1 of its source s.
    [MethodImpl(Inline)]
    private static Vector256<int> Indices(int* lanes)
    {
        var twice = Vector256.ShiftLeft(Avx2.ConvertToVector256Int64(Vector128.Load(lanes)), 1);
        return (twice | Vector256.ShiftLeft(twice, 32) | Vector256.Create(1L << 32)).AsInt32();
    }

    [MethodImpl(Inline)]
    private static void CopyAny(double* source, Vector256<int> indices, int count, double* target)
    {
        for (double* end = source + (4 * count); source != end; source += 4, target += 4) Avx2.PermuteVar8x32(Vector256.Load((float*)source), indices).Store((float*)target);
    }

    [MethodImpl(Inline)]
    private static void Copy<TPermutation>(double* source, int count, double* target)
        where TPermutation : struct, IPermutation
    {
        for (double* end = source + (4 * count); source != end; source += 4, target += 4) TPermutation.Apply(Vector256.Load(source)).Store(target);
    }

    [MethodImpl(Inline)]
    private static Vector256<double> Exchange(Vector256<double> lanes) => Avx.Permute2x128(lanes, lanes, 1);

    /// <summary>1, 2, 3, 0.</summary>
    private readonly struct Ahead : IPermutation
    {
        [MethodImpl(Inline)]
        public static Vector256<double> Apply(Vector256<double> lanes) => Avx.Shuffle(lanes, Exchange(lanes), 0b0101);
    }

    /// <summary>3, 0, 1, 2.</summary>
    private readonly struct Behind : IPermutation
    {
        [MethodImpl(Inline)]
        public static Vector256<double> Apply(Vector256<double> lanes) => Avx.Shuffle(Exchange(lanes), lanes, 0b0101);
    }

    /// <summary>1, 0, 3, 2.</summary>
    private readonly struct Neighbours : IPermutation
    {
        [MethodImpl(Inline)]
        public static Vector256<double> Apply(Vector256<double> lanes) => Avx.Permute(lanes, 0b0101);
    }

    /// <summary>2, 3, 0, 1.</summary>
    private readonly struct Halves : IPermutation
    {
        [MethodImpl(Inline)]
        public static Vector256<double> Apply(Vector256<double> lanes) => Exchange(lanes);
    }
}
