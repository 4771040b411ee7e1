using LatticeFlow.Kernels.Functions;
using LatticeFlow.Kernels.Lanes;

namespace LatticeFlow.Kernels.Flows;

/// <summary>
/// The map of one site of an affine coupling, φ′ = e^s φ + t, or with a shape φ′ = e^s sinh(v) + t, v = e^d arsinh φ + ε, of which d = ε = 0 is the same: d makes tails lighter (d &lt; 0) or heavier, ε
/// makes the distribution skew. (M. C. Jones, A. Pewsey, Biometrika 96 (2009) 761, for the shape.)
/// </summary>
/// <remarks>
/// 1. ln φ′_φ = s, or with a shape s + d + ln cosh v − ½ ln(1 + φ²).
/// 2. Derivatives with a shape, r = 1/√(1 + φ²), a = arsinh φ, δ = e^d: dv = δ r dφ + dε + δ a dd; dφ′ = e^s (sinh v ds + cosh v dv) + dt; d ln φ′_φ = ds + dd + tanh v dv − φ r² dφ.
/// 3. The inverse is φ = sinh((arsinh u − ε)/δ), u = e^{−s} (φ′ − t).
/// </remarks>
public struct AffineMap<T>
    where T : unmanaged, IReal<T>
{
    /// <summary>Whether there is a shape: 1, else 0.</summary>
    public int Shape;

    /// <summary>s.</summary>
    public T Scale;

    /// <summary>t.</summary>
    public T Shift;

    /// <summary>ε.</summary>
    public T Skew;

    /// <summary>d.</summary>
    public T Tail;

    /// <summary>φ′ and ln ∂φ′/∂φ.</summary>
    public readonly void Forward(in T x, out T image, out T logSlope)
    {
        T growth = Exponential.Exp(Scale);
        image = T.Fma(growth, x, Shift);
        logSlope = Scale;
        if (Shape == 0) return;
        Hyperbolic.SinhCosh(T.Fma(Exponential.Exp(Tail), Hyperbolic.Arsinh(x), Skew), out T sinh, out T cosh);
        image = T.Fma(growth, sinh, Shift);
        logSlope = Scale + Tail + Logarithm.Log(cosh) - (T.Of(0.5) * Logarithm.Log1p(x * x));
    }

    /// <summary>φ of φ′.</summary>
    public readonly T Inverse(in T image)
    {
        T x = (image - Shift) / Exponential.Exp(Scale);
        if (Shape == 0) return x;
        Hyperbolic.SinhCosh((Hyperbolic.Arsinh(x) - Skew) / Exponential.Exp(Tail), out T sinh, out _);
        return sinh;
    }

    /// <summary>∂φ′/∂φ and ∂ ln φ′_φ/∂φ.</summary>
    public readonly void Slope(in T x, out T slope, out T logSlopeDerivative)
    {
        slope = Exponential.Exp(Scale);
        logSlopeDerivative = T.Of(0.0);
        if (Shape == 0) return;
        T tail = Exponential.Exp(Tail);
        Hyperbolic.SinhCosh(T.Fma(tail, Hyperbolic.Arsinh(x), Skew), out T sinh, out T cosh);
        T one = T.Of(1.0), root = one / T.Sqrt(T.Fma(x, x, one));
        slope *= cosh * tail * root;
        logSlopeDerivative = root * T.Fnma(x, root, sinh / cosh * tail);
    }

    /// <summary>dL/ds, dL/dt, dL/dε, dL/dd and as the result dL/dφ, from g = dL/dφ′ and ℓ = dL/d ln φ′_φ.</summary>
    public readonly T VectorJacobianProduct(in T x, in T cotangent, in T logSlopeCotangent, out T ofScale, out T ofShift, out T ofSkew, out T ofTail)
    {
        T grown = cotangent * Exponential.Exp(Scale);
        ofShift = cotangent;
        ofScale = T.Fma(grown, x, logSlopeCotangent);
        ofSkew = T.Of(0.0);
        ofTail = ofSkew;
        if (Shape == 0) return grown;
        T tail = Exponential.Exp(Tail), arsinh = Hyperbolic.Arsinh(x);
        Hyperbolic.SinhCosh(T.Fma(tail, arsinh, Skew), out T sinh, out T cosh);
        T one = T.Of(1.0), root = one / T.Sqrt(T.Fma(x, x, one));
        ofScale = T.Fma(grown, sinh, logSlopeCotangent);
        ofSkew = T.Fma(grown, cosh, logSlopeCotangent * (sinh / cosh));
        T ofArgument = ofSkew * tail;
        ofTail = T.Fma(ofArgument, arsinh, logSlopeCotangent);
        return root * T.Fnma(logSlopeCotangent * x, root, ofArgument);
    }
}
