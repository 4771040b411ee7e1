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
        Write(strength, layout, [.. Enumerable.Repeat(1.0, layout.Replicas)]);
        return strength;
    }

    /// <summary>A factor of each replica.</summary>
    public static void Write<T>(Field<T> strength, LatticeLayout layout, ReadOnlySpan<double> factors)
        where T : unmanaged, IReal<T>
    {
        var lanes = new double[factors.Length * layout.Lanes];
        for (int i = 0; i < lanes.Length; i++) lanes[i] = factors[i / layout.Lanes];
        strength.WriteReplicas(lanes);
    }
}
