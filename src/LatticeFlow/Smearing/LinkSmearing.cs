using System.Globalization;
using LatticeFlow.Actions;
using LatticeFlow.Compute;
using LatticeFlow.Groups;
using LatticeFlow.Kernels.Lanes;
using LatticeFlow.Lattice;

namespace LatticeFlow.Smearing;

/// <summary>Which links a smearing changes, and with which staples.</summary>
public enum SmearedDirections
{
    /// <summary>All links, with the staples of all planes.</summary>
    All,

    /// <summary>Links of directions 1 … D − 1 with staples among these; those of direction 0, the temporal one, stay as they are.</summary>
    Spatial,
}

/// <summary>
/// A gauge-covariant map of the links that is applied step after step and makes them smoother. A plain description: two of equal parameters are equal, and observables that share one share its work.
/// </summary>
public abstract record LinkSmearing(SmearedDirections Directions)
{
    /// <summary>What is added to the name of an observable that is measured after so many steps.</summary>
    public abstract string Suffix(int steps);

    /// <summary>The kernels for a batch, which change <paramref name="links"/> in place.</summary>
    /// <exception cref="NotSupportedException">The device cannot hold links of this group, or the lattice has no spatial planes.</exception>
    public abstract ISmearingSteps<T> Bind<T>(ComputeDevice device, StencilTables stencil, GaugeGroup group, Field<T> links)
        where T : unmanaged, IReal64<T>;

    /// <summary>The same number for every plane that is smeared in, 0 for the others.</summary>
    private protected LoopCouplings Couplings(LatticeGeometry lattice, double coupling)
    {
        if (Directions == SmearedDirections.Spatial && lattice.Dimensions < 3)
            throw new NotSupportedException($"a lattice of {lattice} has no planes of two spatial directions to smear in.");
        return LoopCouplings.OfPlanes(
            lattice,
            [.. lattice.Planes.Select(plane => Directions == SmearedDirections.Spatial && plane.Mu == 0 ? 0 : coupling)],
            PlaneCouplings.None(lattice));
    }

    private protected string Suffix(string kind, double amount) =>
        (Directions == SmearedDirections.Spatial ? "_spatial_" : "_") + kind + amount.ToString(CultureInfo.InvariantCulture);
}

/// <summary>The kernels of a smearing for one batch; holds its tables and fields.</summary>
public interface ISmearingSteps<T> : IDisposable
    where T : unmanaged, IReal64<T>
{
    /// <summary>Appends: the step of this index, from 0.</summary>
    void AddStep(KernelProgram program, int step);
}
