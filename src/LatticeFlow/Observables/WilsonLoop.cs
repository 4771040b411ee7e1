using LatticeFlow.Compute;
using LatticeFlow.Groups;
using LatticeFlow.Kernels.Lanes;
using LatticeFlow.Lattice;

namespace LatticeFlow.Observables;

/// <summary>
/// W(R, T) = mean of (1/N) Re tr of the R×T rectangle over all positions, planes and both orientations. The plaquette is W(1, 1) under its own name. Of temporal loops R lies
/// along a direction 1 … D − 1 and T along direction 0.
/// </summary>
/// <remarks>Source: K. G. Wilson, Phys. Rev. D 10 (1974) 2445.</remarks>
public sealed class WilsonLoop : ILinkObservable
{
    private readonly int first;
    private readonly int second;
    private readonly bool temporal;

    /// <summary>An R×T loop.</summary>
    /// <exception cref="ArgumentException">A side is below 1.</exception>
    public WilsonLoop(int first, int second)
        : this(first, second, $"wilson_loop_{first}x{second}", false)
    {
    }

    private WilsonLoop(int first, int second, string name, bool temporal)
    {
        if (first < 1 || second < 1) throw new ArgumentException($"a Wilson loop of {first}x{second}: both sides are at least 1.");
        this.first = first;
        this.second = second;
        this.temporal = temporal;
        Name = name;
    }

    /// <inheritdoc/>
    public string Name { get; }

    /// <inheritdoc/>
    public IReadOnlyList<int> Shape => [];

    /// <summary>The R×T loops with T along direction 0 only, as a static potential needs them.</summary>
    /// <exception cref="ArgumentException">A side is below 1.</exception>
    public static WilsonLoop Temporal(int r, int t) => new(r, t, $"wilson_loop_temporal_{r}x{t}", true);

    /// <summary>(2/D(D−1)V) Σ_p (1/N) Re tr P_p.</summary>
    public static WilsonLoop Plaquette() => new(1, 1, "plaquette", false);

    /// <inheritdoc/>
    public IObservableSteps<T> Bind<T>(ComputeDevice device, StencilTables stencil, GaugeGroup group)
        where T : unmanaged, IReal64<T>
    {
        var links = new List<int>();
        foreach (var (mu, nu) in stencil.Layout.OfLane.Planes)
        {
            if (temporal && mu != 0) continue;
            for (int site = 0; site < stencil.Layout.OfLane.Volume; site++)
            {
                if (!temporal) LoopTables.AddRectangle(stencil.Layout, new(site, 0), mu, nu, first, second, links);
                if (temporal || first != second) LoopTables.AddRectangle(stencil.Layout, new(site, 0), mu, nu, second, first, links);
            }
        }

        return LoopSteps.Create<T>(device, stencil, group, [new LoopGroup([.. links], 2 * (first + second), first + second)], (real, _) => real);
    }
}
