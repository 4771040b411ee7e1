using LatticeFlow.Kernels.Lanes;
using LatticeFlow.Kernels.Memory;

namespace LatticeFlow.Kernels.Markov;

/// <summary>Field[item] += ε · Coefficient · p[item]: how angles and real scalars move. Angles are not wrapped: the update must be reversible.</summary>
public struct LinearDrift<T> : IKernel
    where T : unmanaged, IReal<T>
{
    /// <summary>Angles of U(1) links, or φ.</summary>
    public Reals<T> Field;

    /// <summary>Momenta.</summary>
    public Reals<T> Momenta;

    /// <summary>Shared numbers; ε is number 0.</summary>
    public Reals<T> Step;

    /// <summary>The constant factor on ε.</summary>
    public double Coefficient;

    /// <inheritdoc/>
    public void Bind(in Place place)
    {
        Field = Field.At(place);
        Momenta = Momenta.At(place);
    }

    /// <inheritdoc/>
    public void Execute(int item) =>
        T.Store(Field, item, T.Fma(T.Uniform(Step, 0) * T.Of(Coefficient), T.Load(Momenta, item), T.Load(Field, item)));
}
