using LatticeFlow.Compute;
using LatticeFlow.Kernels.Lanes;
using LatticeFlow.Lattice;

namespace LatticeFlow.Actions;

/// <summary>S = −Σ_p β_p cos θ_p of U(1) links, θ_p = θ_μ(x) + θ_ν(x+μ) − θ_μ(x+ν) − θ_ν(x), in 2, 3 or 4 dimensions. No constant.</summary>
/// <remarks>Source: K. G. Wilson, Phys. Rev. D 10 (1974) 2445.</remarks>
public sealed class WilsonAction : IAction
{
    private readonly double[] couplings;

    /// <summary>The action with the same β for every plaquette.</summary>
    /// <exception cref="ArgumentException">β is not finite.</exception>
    public WilsonAction(LatticeGeometry lattice, double beta)
        : this(lattice, PlaquetteCouplings.Uniform(lattice, beta), new Dictionary<string, double> { ["beta"] = beta })
    {
    }

    /// <summary>The action with coupling <paramref name="couplings"/>[p] for plaquette p, and the parameters to be stored with an ensemble.</summary>
    /// <exception cref="ArgumentException">Not one finite number a plaquette.</exception>
    public WilsonAction(LatticeGeometry lattice, ReadOnlySpan<double> couplings, IReadOnlyDictionary<string, double> parameters)
    {
        if (couplings.Length != lattice.Plaquettes)
            throw new ArgumentException($"{couplings.Length} couplings for the {lattice.Plaquettes} plaquettes of a {lattice} lattice.", nameof(couplings));
        foreach (double beta in couplings)
        {
            if (!double.IsFinite(beta)) throw new ArgumentException($"beta = {beta}: a coupling is a finite number.", nameof(couplings));
        }

        Lattice = lattice;
        Parameters = parameters;
        this.couplings = couplings.ToArray();
    }

    /// <inheritdoc/>
    public string Name => "wilson";

    /// <inheritdoc/>
    public IReadOnlyDictionary<string, double> Parameters { get; }

    /// <inheritdoc/>
    public LatticeGeometry Lattice { get; }

    /// <inheritdoc/>
    public IActionSteps<T> Bind<T>(ComputeDevice device, BatchShape shape)
        where T : unmanaged, IReal64<T> => new WilsonActionSteps<T>(device, shape, Lattice, couplings);
}
