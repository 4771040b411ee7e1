using LatticeFlow.Kernels.Lanes;
using LatticeFlow.Kernels.Memory;

namespace LatticeFlow.Kernels.Groups;

/// <summary>What a link offers to those who look at its eigenvalues: spectral flows, polar factors, determinants of staple flows.</summary>
public interface ISpectrum<TLink, T>
    where TLink : unmanaged
    where T : unmanaged, IReal<T>
{
    /// <summary>
    /// For a normal matrix p (p p† = p† p: group elements, Hermitian and anti-Hermitian matrices): v = V unitary and p = V† p V diagonal to rounding. Eigenvalues come in no order. Degenerate
    /// ones cost nothing: any orthonormal basis of their space will do.
    /// </summary>
    static abstract void Diagonalise(ref TLink p, ref TLink v);

    /// <summary>Reals of a matrix in a field of matrices that need not be group elements: as of a link, but 2 for U(1), whose links are angles.</summary>
    static abstract int MatrixComponents { get; }

    /// <summary>A matrix of a field of matrices. A memory form names the place in the field.</summary>
    static abstract TLink OpenMatrix(in Reals<T> matrices, int index);

    /// <summary>Writes a matrix to a field of matrices; nothing to do where it already is that place.</summary>
    static abstract void StoreMatrix(in Reals<T> matrices, int index, in TLink value);

    /// <summary>c += (re + i im) a; of a quaternion im is not looked at.</summary>
    static abstract void AddScaledComplex(T re, T im, in TLink a, ref TLink c);

    /// <summary>Entry (row, column).</summary>
    static abstract void Entry(in TLink a, int row, int column, out T re, out T im);

    /// <summary>c_kk = re + i im; other entries stay. Of a quaternion c_11 is the conjugate of c_00, which both calls set.</summary>
    static abstract void SetDiagonal(int k, T re, T im, ref TLink c);

    /// <summary>c_jk += re + i im; of a quaternion the nearest one to that: what Re tr(c q) can see of it.</summary>
    static abstract void AddEntry(int row, int column, T re, T im, ref TLink c);

    /// <summary>c_jk ← (re + i im) c_jk and c_kj ← (re − i im) c_kj, j &lt; k: a Hermitian or anti-Hermitian c stays such.</summary>
    static abstract void MultiplyPair(int j, int k, T re, T im, ref TLink c);

    /// <summary>Exchanges columns k and k + 1 in the lanes where a &lt; b; the sign of one of them may change.</summary>
    static abstract void SwapColumns(T a, T b, int k, ref TLink c);
}
