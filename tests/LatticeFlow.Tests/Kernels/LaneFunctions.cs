using LatticeFlow.Kernels.Functions;

namespace LatticeFlow.Tests;

internal struct SinFunction : ILaneFunction
{
    static T ILaneFunction.Apply<T>(T x, T y) => Trigonometry.Sin(x);
}

internal struct CosFunction : ILaneFunction
{
    static T ILaneFunction.Apply<T>(T x, T y) => Trigonometry.Cos(x);
}

internal struct AtanFunction : ILaneFunction
{
    static T ILaneFunction.Apply<T>(T x, T y) => Arctangent.Atan(x);
}

internal struct Atan2Function : ILaneFunction
{
    static T ILaneFunction.Apply<T>(T x, T y) => Arctangent.Atan2(x, y);
}

internal struct ExpFunction : ILaneFunction
{
    static T ILaneFunction.Apply<T>(T x, T y) => Exponential.Exp(x);
}

internal struct Expm1Function : ILaneFunction
{
    static T ILaneFunction.Apply<T>(T x, T y) => Exponential.Expm1(x);
}

internal struct LogFunction : ILaneFunction
{
    static T ILaneFunction.Apply<T>(T x, T y) => Logarithm.Log(x);
}

internal struct Log1pFunction : ILaneFunction
{
    static T ILaneFunction.Apply<T>(T x, T y) => Logarithm.Log1p(x);
}

internal struct TanhFunction : ILaneFunction
{
    static T ILaneFunction.Apply<T>(T x, T y) => Hyperbolic.Tanh(x);
}

internal struct SinhFunction : ILaneFunction
{
    static T ILaneFunction.Apply<T>(T x, T y)
    {
        Hyperbolic.SinhCosh(x, out T sinh, out _);
        return sinh;
    }
}

internal struct CoshFunction : ILaneFunction
{
    static T ILaneFunction.Apply<T>(T x, T y)
    {
        Hyperbolic.SinhCosh(x, out _, out T cosh);
        return cosh;
    }
}

internal struct ArsinhFunction : ILaneFunction
{
    static T ILaneFunction.Apply<T>(T x, T y) => Hyperbolic.Arsinh(x);
}

internal struct SigmoidFunction : ILaneFunction
{
    static T ILaneFunction.Apply<T>(T x, T y) => Logistic.Sigmoid(x);
}

internal struct SoftplusFunction : ILaneFunction
{
    static T ILaneFunction.Apply<T>(T x, T y) => Logistic.Softplus(x);
}

internal struct WrapFunction : ILaneFunction
{
    static T ILaneFunction.Apply<T>(T x, T y) => Angle.Wrap(x);
}

/// <summary>Re and Im of e^{−ix} exp[ix, iy], one after the other in what they leave: Re + 2 Im.</summary>
internal struct FirstDifferenceFunction : ILaneFunction
{
    static T ILaneFunction.Apply<T>(T x, T y)
    {
        ExponentialDifferences.First(x - y, out T re, out T im);
        return T.Fma(T.Of(2), im, re);
    }
}

/// <summary>The same of e^{−ix} exp[ix, iy, iy].</summary>
internal struct SecondDifferenceFunction : ILaneFunction
{
    static T ILaneFunction.Apply<T>(T x, T y)
    {
        ExponentialDifferences.Second(x, x, y, y, out T re, out T im);
        return T.Fma(T.Of(2), im, re);
    }
}
