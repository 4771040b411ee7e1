using System.Runtime.CompilerServices;
using LatticeFlow.Kernels.Lanes;
using LatticeFlow.Kernels.Memory;

namespace LatticeFlow.Kernels.Groups;

/// <summary>
/// A complex N×N matrix, 2 ≤ N ≤ 8, as an address: 2N² reals in memory, row-major, the real before the imaginary part. For the CPU only.
/// </summary>
/// <remarks>
/// Generators are λ_a/2 of the generalised Gell-Mann matrices, column by column: for j = 1 … N − 1 the symmetric and antisymmetric pair of each row i &lt; j,
/// E_ij + E_ji and −i E_ij + i E_ji, then √(2/j(j + 1)) diag(1, …, 1, −j, 0, …) with j ones. For N = 2 and 3 that is the order of Pauli and Gell-Mann. SU(2) subgroups
/// are (0, 1), (0, 2), … (0, N − 1), (1, 2), … .
/// </remarks>
public readonly unsafe partial struct MatrixN<TSize, T> : ILink<MatrixN<TSize, T>, T>
    where TSize : unmanaged, ISize
    where T : unmanaged, IReal<T>
{
    private const MethodImplOptions Inline = MethodImplOptions.AggressiveInlining;
    private const int Alignment = 64;
    private readonly T* numbers;

    private MatrixN(T* numbers) => this.numbers = numbers;

    /// <inheritdoc/>
    public static int Order => TSize.Value;

    /// <inheritdoc/>
    public static int Components => 2 * TSize.Value * TSize.Value;

    /// <inheritdoc/>
    public static int Generators => (TSize.Value * TSize.Value) - 1;

    /// <inheritdoc/>
    public static int Subgroups => TSize.Value * (TSize.Value - 1) / 2;

    /// <inheritdoc/>
    public static int WorkElements => Components;

    private static int RowLength => 2 * TSize.Value;

    [MethodImpl(Inline)]
    public static MatrixN<TSize, T> Local(in Reals<T> work, int slot) => At(work, slot);

    [MethodImpl(Inline)]
    public static MatrixN<TSize, T> Open(in Reals<T> links, int link) => At(links, link);

    [MethodImpl(MethodImplOptions.NoInlining)]
    public static MatrixN<TSize, T> OpenShifted(in Reals<T> links, int link, in Table permutations, int shift, in MatrixN<TSize, T> local)
    {
        for (int e = 0; e < Components; e++) local.numbers[e] = T.LoadShifted(links, (Components * link) + e, permutations, shift);
        return local;
    }

    [MethodImpl(Inline)]
    public static void Store(in Reals<T> links, int link, in MatrixN<TSize, T> value)
    {
        var place = At(links, link);
        if (place.numbers != value.numbers) Copy(value, ref place);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    public static void SetZero(ref MatrixN<TSize, T> c)
    {
        for (int e = 0; e < Components; e++) c.numbers[e] = T.Of(0);
    }

    public static void SetOne(ref MatrixN<TSize, T> c)
    {
        SetZero(ref c);
        for (int i = 0; i < Order; i++) c.numbers[Entry(i, i)] = T.Of(1);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    public static void Copy(in MatrixN<TSize, T> a, ref MatrixN<TSize, T> c) => Copy(a.numbers, c.numbers);

    [MethodImpl(MethodImplOptions.NoInlining)]
    public static void Adjoint(in MatrixN<TSize, T> a, ref MatrixN<TSize, T> c)
    {
        for (int i = 0; i < Order; i++)
        {
            for (int j = 0; j < Order; j++)
            {
                c.numbers[Entry(i, j)] = a.numbers[Entry(j, i)];
                c.numbers[Entry(i, j) + 1] = -a.numbers[Entry(j, i) + 1];
            }
        }
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    public static void Scale(T s, ref MatrixN<TSize, T> c)
    {
        for (int e = 0; e < Components; e++) c.numbers[e] = s * c.numbers[e];
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    public static void AddScaled(T s, in MatrixN<TSize, T> a, ref MatrixN<TSize, T> c)
    {
        for (int e = 0; e < Components; e++) c.numbers[e] = T.Fma(s, a.numbers[e], c.numbers[e]);
    }

    public static void Trace(in MatrixN<TSize, T> a, out T re, out T im)
    {
        re = a.numbers[0];
        im = a.numbers[1];
        for (int i = 1; i < Order; i++)
        {
            re += a.numbers[Entry(i, i)];
            im += a.numbers[Entry(i, i) + 1];
        }
    }

    // Two sums for each part: a chain of 2N² fused multiply-adds would wait for itself.
    [MethodImpl(MethodImplOptions.NoInlining)]
    public static void TraceMultiplyAdjoint(in MatrixN<TSize, T> a, in MatrixN<TSize, T> b, out T re, out T im)
    {
        T* x = a.numbers, y = b.numbers;
        T re0 = T.Of(0), re1 = T.Of(0), im0 = T.Of(0), im1 = T.Of(0);
        for (int e = 0; e < Components; e += 2)
        {
            re0 = T.Fma(x[e], y[e], re0);
            re1 = T.Fma(x[e + 1], y[e + 1], re1);
            im0 = T.Fma(x[e + 1], y[e], im0);
            im1 = T.Fma(x[e], y[e + 1], im1);
        }

        re = re0 + re1;
        im = im0 - im1;
    }

    [MethodImpl(Inline)]
    private static MatrixN<TSize, T> At(in Reals<T> field, int number) => new((T*)field.Host + ((long)number * Components));

    /// <summary>The real part of an entry; the imaginary part is next to it.</summary>
    [MethodImpl(Inline)]
    private static int Entry(int row, int column) => 2 * ((row * TSize.Value) + column);

    [MethodImpl(Inline)]
    private static void Copy(T* source, T* target)
    {
        for (int e = 0; e < Components; e++) target[e] = source[e];
    }

    // Vectors that straddle cache lines take twice the time.
    [MethodImpl(Inline)]
    private static T* Aligned(T* memory) => (T*)(((nint)memory + (Alignment - 1)) & ~(nint)(Alignment - 1));
}
