using LatticeFlow.Kernels.Lanes;
using LatticeFlow.Kernels.Memory;

namespace LatticeFlow.Kernels.Limits;

/// <summary>z_e = x_e + a y_e with a = x_0 for eight numbers in a row, which is an item. (McCalpin's STREAM triad.)</summary>
/// <remarks>Floor: three numbers moved for each; the read that a store of a whole line may cost is not counted.</remarks>
public struct Triad<T> : IKernel
    where T : unmanaged, IReal<T>
{
    /// <summary>Numbers of an item.</summary>
    public const int Numbers = 8;

    /// <summary>x.</summary>
    public Reals<T> X;

    /// <summary>y.</summary>
    public Reals<T> Y;

    /// <summary>z.</summary>
    public Reals<T> Z;

    /// <inheritdoc/>
    public void Bind(in Place place)
    {
        X = X.At(place);
        Y = Y.At(place);
        Z = Z.At(place);
    }

    /// <inheritdoc/>
    public void Execute(int item)
    {
        T a = T.Load(X, 0);
        var x = X.From(Numbers * item);
        var y = Y.From(Numbers * item);
        var z = Z.From(Numbers * item);
        T.Store(z, 0, T.Fma(a, T.Load(y, 0), T.Load(x, 0)));
        T.Store(z, 1, T.Fma(a, T.Load(y, 1), T.Load(x, 1)));
        T.Store(z, 2, T.Fma(a, T.Load(y, 2), T.Load(x, 2)));
        T.Store(z, 3, T.Fma(a, T.Load(y, 3), T.Load(x, 3)));
        T.Store(z, 4, T.Fma(a, T.Load(y, 4), T.Load(x, 4)));
        T.Store(z, 5, T.Fma(a, T.Load(y, 5), T.Load(x, 5)));
        T.Store(z, 6, T.Fma(a, T.Load(y, 6), T.Load(x, 6)));
        T.Store(z, 7, T.Fma(a, T.Load(y, 7), T.Load(x, 7)));
    }
}
