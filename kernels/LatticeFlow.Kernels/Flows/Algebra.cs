using LatticeFlow.Kernels.Groups;
using LatticeFlow.Kernels.Lanes;

namespace LatticeFlow.Kernels.Flows;

/// <summary>Between numbers of an algebra field and matrices.</summary>
public static class Algebra
{
    /// <summary>κ with x_a = κ tr(T_a X) for X = Σ x_a T_a: 2, and 1 for U(1), whose generator is 1. So dL = Σ g_a x_a = κ tr(G X) with G = Σ g_a T_a.</summary>
    public static double NormOf<TLink, T>()
        where TLink : unmanaged, ILink<TLink, T>
        where T : unmanaged, IReal<T> => TLink.Order == 1 ? 1 : 2;
}
