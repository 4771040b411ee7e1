using LatticeFlow.Compute;
using LatticeFlow.Kernels.Groups;

namespace LatticeFlow.Tests.Groups;

/// <summary>A link U of each replica among links that do not change, of any group: S = −s β Re tr(U V).</summary>
internal interface IOneLink
{
    /// <summary>The numbers of U, <c>[replica][component]</c>.</summary>
    double[][] Link();

    /// <summary>tr(U V) without s and β, and Σ_a F_a² with both, of each replica.</summary>
    (double Re, double Im, double SquareOfForce)[] Observe();

    /// <summary>Draws U given V.</summary>
    void HeatBath();

    /// <summary>Reflects U about V.</summary>
    void Reflect();
}

/// <summary>What V is.</summary>
internal enum LinkSum
{
    /// <summary>A sum of two elements of the group: for N ≥ 3 no multiple of one.</summary>
    Two,

    /// <summary>Twice an element of the group.</summary>
    Group,

    /// <summary>0.</summary>
    Nothing,
}

/// <summary>What happens to a link of SU(N).</summary>
internal sealed class OneLinkScenario<TResult>(int order, LinkSum sum, double beta, double[] strengths, Func<IOneLink, TResult> happens) : DoubleLaneUser<TResult>
{
    protected override TResult Use<T>(ComputeDevice device)
    {
        switch (order)
        {
            case 2:
                using (var link = new OneLink<Quaternion<T>, T>(device, sum, beta, strengths)) return happens(link);
            case 3:
                using (var link = new OneLink<Matrix3<T>, T>(device, sum, beta, strengths)) return happens(link);
            default:
                using (var link = new OneLink<MatrixN<Size4, T>, T>(device, sum, beta, strengths)) return happens(link);
        }
    }
}
