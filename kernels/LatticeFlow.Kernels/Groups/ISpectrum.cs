using LatticeFlow.Kernels.Lanes;

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

    /// <summary>Entry (row, column).</summary>
    static abstract void Entry(in TLink a, int row, int column, out T re, out T im);

    /// <summary>c_kk = re + i im; other entries stay. Of a quaternion c_11 is the conjugate of c_00, which both calls set.</summary>
    static abstract void SetDiagonal(int k, T re, T im, ref TLink c);

    /// <summary>c_jk ← (re + i im) c_jk and c_kj ← (re − i im) c_kj, j &lt; k: a Hermitian or anti-Hermitian c stays such.</summary>
    static abstract void MultiplyPair(int j, int k, T re, T im, ref TLink c);

    /// <summary>Exchanges columns k and k + 1 in the lanes where a &lt; b; the sign of one of them may change.</summary>
    static abstract void SwapColumns(T a, T b, int k, ref TLink c);
}
