using LatticeFlow.Kernels.Lanes;
using LatticeFlow.Kernels.Memory;

namespace LatticeFlow.Kernels.Groups;

/// <summary>Target_a += scale · F_a, F_a = −∂_a S = −Im tr(T_a U V), V the staples of the action. One item a link.</summary>
public struct Force<TLink, T> : IKernel
    where TLink : unmanaged, ILink<TLink, T>
    where T : unmanaged, IReal<T>
{
    /// <summary>Matrices of the work field.</summary>
    public const int Slots = Staples<T>.Slots + 1;

    /// <summary>The staples.</summary>
    public Staples<T> Staples;

    /// <summary>What the force is added to, an algebra field.</summary>
    public Reals<T> Target;

    /// <summary>Shared numbers; the scale is number 0 times <see cref="Coefficient"/> times <see cref="Strength"/>.</summary>
    public Reals<T> Scale;

    /// <summary>The constant factor of the scale.</summary>
    public double Coefficient;

    /// <summary>The factor on the action of each replica, one number.</summary>
    public Reals<T> Strength;

    /// <inheritdoc/>
    public void Bind(in Place place)
    {
        Staples = Staples.At(place);
        Target = Target.At(place);
        Strength = Strength.At(place);
    }

    /// <inheritdoc/>
    public readonly void Execute(int item)
    {
        var sum = TLink.Local(Staples.Work, 0);
        var product = TLink.Local(Staples.Work, Staples<T>.Slots);
        Staples.Sum(item, ref sum);
        TLink.Multiply(TLink.Open(Staples.Links, item), sum, ref product);
        TLink.AddAlgebra(Target, item, T.Uniform(Scale, 0) * T.Of(-Coefficient) * T.Load(Strength, 0) * Staples.Factor, product);
    }
}
