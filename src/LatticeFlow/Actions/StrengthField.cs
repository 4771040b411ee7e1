using LatticeFlow.Compute;
using LatticeFlow.Kernels.Lanes;
using LatticeFlow.Lattice;

namespace LatticeFlow.Actions;

/// <summary>The factor on the action of each replica.</summary>
public static class StrengthField
{
    /// <summary>1 for every replica.</summary>
    public static Field<T> Ones<T>(ComputeDevice device, LatticeLayout layout)
        where T : unmanaged, IReal<T>
    {
        var strength = device.NewField<T>(layout.Shape, 1);
        strength.WriteReplicas([.. Enumerable.Repeat(1.0, layout.Replicas * layout.Lanes)]);
        return strength;
    }
}
