using System.Runtime.CompilerServices;
using LatticeFlow.Kernels.Functions;
using LatticeFlow.Kernels.Lanes;

namespace LatticeFlow.Kernels.Networks;

/// <summary>Pointwise nonlinearities a(z) with their derivatives, numbered so that a kernel can carry one.</summary>
public static class Activation
{
    /// <summary>a(z) = z.</summary>
    public const int Identity = 0;

    /// <summary>a(z) = z for z ≥ 0, z/100 below.</summary>
    public const int LeakyRelu = 1;

    /// <summary>a(z) = z / (1 + e⁻ᶻ).</summary>
    public const int Silu = 2;

    /// <summary>a(z) = tanh z.</summary>
    public const int Tanh = 3;

    private const double LeakySlope = 0.01;

    /// <summary>The name of a number, as in a configuration file.</summary>
    public static int Named(string name) => name switch { "leaky-relu" => LeakyRelu, "silu" => Silu, "tanh" => Tanh, "identity" => Identity, _ => throw new ArgumentException($"activation '{name}' is unknown.", nameof(name)) };

    /// <summary>The name of an activation.</summary>
    public static string Name(int activation) => activation switch { LeakyRelu => "leaky-relu", Silu => "silu", Tanh => "tanh", _ => "identity" };

    /// <summary>a′(z) of <see cref="LeakyRelu"/>, which is also a(z)/z.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T LeakyReluSlope<T>(T z)
        where T : unmanaged, IReal<T> => T.SelectLess(z, T.Of(0.0), T.Of(LeakySlope), T.Of(1.0));

    /// <summary>a(z) and a′(z).</summary>
    public static T Apply<T>(int activation, T z, out T slope)
        where T : unmanaged, IReal<T>
    {
        T one = T.Of(1.0);
        if (activation == LeakyRelu)
        {
            slope = LeakyReluSlope(z);
            return z * slope;
        }

        if (activation == Silu)
        {
            T sigmoid = Logistic.Sigmoid(z);
            T value = z * sigmoid;
            slope = T.Fma(value, one - sigmoid, sigmoid);
            return value;
        }

        if (activation == Tanh)
        {
            T tanh = Hyperbolic.Tanh(z);
            slope = T.Fnma(tanh, tanh, one);
            return tanh;
        }

        slope = one;
        return z;
    }
}
