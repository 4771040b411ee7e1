using MathNet.Numerics.Distributions;
using MathNet.Numerics.LinearAlgebra;

namespace LatticeFlow.Fits;

/// <summary>How probable it is that χ² comes out at least as large where the model is right.</summary>
public static class FitProbability
{
    /// <summary>
    /// Of a χ² with the covariance estimated from <paramref name="independent"/> independent configurations: Hotelling's distribution, χ² (n − d)/(d (n − 1)) ~ F(d, n − d) (D. Toussaint, W. Freeman, arXiv:0808.2211).
    /// </summary>
    public static double Correlated(double chiSquared, int degrees, double independent)
        => degrees == 0 ? double.NaN : 1 - FisherSnedecor.CDF(degrees, independent - degrees, chiSquared * (independent - degrees) / (degrees * (independent - 1)));

    /// <summary>
    /// Of a χ² in which correlations were left out: its expectation tr M and its variance 2 tr M², M = P L⁻¹ C L⁻ᵀ P with the true covariance C, belong to (tr M²/tr M) χ² of (tr M)²/tr M² degrees of freedom
    /// (F. E. Satterthwaite, Biometrics Bull. 2 (1946) 110; expectation: M. Bruno, R. Sommer, arXiv:2209.14188).
    /// </summary>
    public static (double Expected, double Probability) Uncorrelated(double chiSquared, Matrix<double> projector, Matrix<double> whitening, double[,] covariance)
    {
        ArgumentNullException.ThrowIfNull(projector);
        var inner = projector * whitening * Matrix<double>.Build.DenseOfArray(covariance) * whitening.Transpose() * projector;
        double trace = inner.Trace(), square = (inner * inner).Trace();
        if (!(trace > 1e-9)) return (0, double.NaN);
        return (trace, Analysis.SpecialFunctions.UpperRegularizedGamma(trace * trace / square / 2, chiSquared * trace / square / 2));
    }
}
