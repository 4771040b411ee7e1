namespace LatticeFlow.Fields;

/// <summary>How the elements of a field are stored in files.</summary>
public enum FieldRepresentation
{
    /// <summary>U(1): float64 <c>[n, L_0…, D]</c>, theta in (−pi, pi], U = exp(i theta).</summary>
    Angle,

    /// <summary>SU(N): {r, i} float64 <c>[n, L_0…, D, N, N]</c>; in memory interleaved real and imaginary parts.</summary>
    Matrix,

    /// <summary>A real scalar: float64 <c>[n, L_0…, L_{D−1}]</c>.</summary>
    Real,
}
