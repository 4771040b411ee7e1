using LatticeFlow.Compute;
using LatticeFlow.Kernels.Lanes;
using LatticeFlow.Lattice;

namespace LatticeFlow.Observables;

/// <summary>
/// W(R, T) = mean of Re of the R×T rectangle over all positions, planes and both orientations. The plaquette is W(1, 1) under its own name.
/// </summary>
public sealed class WilsonLoop : IFieldObservable
{
    private readonly int first;
    private readonly int second;

    /// <summary>An R×T loop.</summary>
    /// <exception cref="ArgumentException">A side is below 1.</exception>
    public WilsonLoop(int first, int second, string? name = null)
    {
        if (first < 1 || second < 1) throw new ArgumentException($"a Wilson loop of {first}x{second}: both sides are at least 1.");
        this.first = first;
        this.second = second;
        Name = name ?? $"wilson_loop_{first}x{second}";
    }

    /// <inheritdoc/>
    public string Name { get; }

    /// <inheritdoc/>
    public IReadOnlyList<int> Shape => [];

    /// <summary>(2/D(D−1)V) Σ_p cos θ_p.</summary>
    public static WilsonLoop Plaquette() => new(1, 1, "plaquette");

    /// <inheritdoc/>
    public IObservableSteps<T> Bind<T>(ComputeDevice device, BatchShape shape, LatticeGeometry lattice)
        where T : unmanaged, IReal64<T>
    {
        var links = new List<int>();
        foreach (var (mu, nu) in lattice.Planes)
        {
            AddLoops(lattice, links, mu, first, nu, second);
            if (first != second) AddLoops(lattice, links, mu, second, nu, first);
        }

        return new LoopSteps<T>(device, shape, [new LoopGroup([.. links], 2 * (first + second), first + second)], (real, _) => real);
    }

    private static void AddLoops(LatticeGeometry lattice, List<int> links, int mu, int r, int nu, int t)
    {
        for (int site = 0; site < lattice.Volume; site++)
        {
            int acrossMu = lattice.Neighbour(site, mu, r);
            int acrossNu = lattice.Neighbour(site, nu, t);
            for (int i = 0; i < r; i++) links.Add(lattice.Link(lattice.Neighbour(site, mu, i), mu));
            for (int i = 0; i < t; i++) links.Add(lattice.Link(lattice.Neighbour(acrossMu, nu, i), nu));
            for (int i = 0; i < r; i++) links.Add(lattice.Link(lattice.Neighbour(acrossNu, mu, i), mu));
            for (int i = 0; i < t; i++) links.Add(lattice.Link(lattice.Neighbour(site, nu, i), nu));
        }
    }
}
