namespace LatticeFlow.Kernels.Groups;

/// <content>Eigenvalues.</content>
public readonly unsafe partial struct MatrixN<TSize, T>
{
    public static void Diagonalise(ref MatrixN<TSize, T> p, ref MatrixN<TSize, T> v) => MatrixSpectrum<T>.Diagonalise(p.numbers, v.numbers, TSize.Value);

    public static void Entry(in MatrixN<TSize, T> a, int row, int column, out T re, out T im)
    {
        T* entry = a.numbers + (2 * ((TSize.Value * row) + column));
        re = entry[0];
        im = entry[1];
    }

    public static void SetDiagonal(int k, T re, T im, ref MatrixN<TSize, T> c)
    {
        T* entry = c.numbers + (2 * k * (TSize.Value + 1));
        entry[0] = re;
        entry[1] = im;
    }

    public static void MultiplyPair(int j, int k, T re, T im, ref MatrixN<TSize, T> c) => MatrixSpectrum<T>.MultiplyPair(c.numbers, TSize.Value, j, k, re, im);

    public static void SwapColumns(T a, T b, int k, ref MatrixN<TSize, T> c) => MatrixSpectrum<T>.SwapColumns(a, b, c.numbers, TSize.Value, k);
}
