namespace LatticeFlow.Kernels.Groups;

/// <content>Eigenvalues.</content>
public readonly unsafe partial struct Matrix3<T>
{
    public static void Diagonalise(ref Matrix3<T> p, ref Matrix3<T> v) => MatrixSpectrum<T>.Diagonalise(p.at, v.at, 3);

    public static void Entry(in Matrix3<T> a, int row, int column, out T re, out T im)
    {
        T* entry = a.at + (2 * ((3 * row) + column));
        re = entry[0];
        im = entry[1];
    }

    public static void SetDiagonal(int k, T re, T im, ref Matrix3<T> c)
    {
        c.at[8 * k] = re;
        c.at[(8 * k) + 1] = im;
    }

    public static void MultiplyPair(int j, int k, T re, T im, ref Matrix3<T> c) => MatrixSpectrum<T>.MultiplyPair(c.at, 3, j, k, re, im);

    public static void SwapColumns(T a, T b, int k, ref Matrix3<T> c) => MatrixSpectrum<T>.SwapColumns(a, b, c.at, 3, k);
}
