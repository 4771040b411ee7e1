using LatticeFlow.Kernels.Lanes;
using LatticeFlow.Kernels.Memory;

namespace LatticeFlow.Kernels.Fields;

/// <summary>Target[item] += Scale[0] · Coefficient · Source[item]: also how angles and real scalars move along their momenta. Angles are not wrapped, so that the update is reversible.</summary>
public struct AddScaled<T> : IKernel
    where T : unmanaged, IReal<T>
{
    /// <summary>What is added.</summary>
    public Reals<T> Source;

    /// <summary>To what.</summary>
    public Reals<T> Target;

    /// <summary>Shared numbers.</summary>
    public Reals<T> Scale;

    /// <summary>The constant factor.</summary>
    public double Coefficient;

    /// <inheritdoc/>
    public void Bind(in Place place)
    {
        Source = Source.At(place);
        Target = Target.At(place);
    }

    /// <inheritdoc/>
    public readonly void Execute(int item) => T.Store(Target, item, T.Fma(T.Uniform(Scale, 0) * T.Of(Coefficient), T.Load(Source, item), T.Load(Target, item)));
}
