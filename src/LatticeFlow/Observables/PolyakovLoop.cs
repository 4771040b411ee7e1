using LatticeFlow.Compute;
using LatticeFlow.Kernels.Lanes;
using LatticeFlow.Lattice;

namespace LatticeFlow.Observables;

/// <summary>
/// P_μ = mean over the sites of x_μ = 0 of exp(i Σ θ_μ along direction μ): its real part, imaginary part or absolute value, for μ = 0 … D − 1.
/// </summary>
public sealed class PolyakovLoop : IFieldObservable
{
    private readonly LoopValues part;

    private PolyakovLoop(string name, int dimensions, LoopValues part)
    {
        Name = name;
        Shape = [dimensions];
        this.part = part;
    }

    /// <inheritdoc/>
    public string Name { get; }

    /// <inheritdoc/>
    public IReadOnlyList<int> Shape { get; }

    /// <summary>Re P_μ.</summary>
    public static PolyakovLoop Real(int dimensions) => new("polyakov_re", dimensions, (real, _) => real);

    /// <summary>Im P_μ.</summary>
    public static PolyakovLoop Imaginary(int dimensions) => new("polyakov_im", dimensions, (_, imaginary) => imaginary);

    /// <summary>|P_μ| of each configuration.</summary>
    public static PolyakovLoop Absolute(int dimensions) => new("polyakov_abs", dimensions, (real, imaginary) => Math.Sqrt((real * real) + (imaginary * imaginary)));

    /// <inheritdoc/>
    public IObservableSteps<T> Bind<T>(ComputeDevice device, BatchShape shape, LatticeGeometry lattice)
        where T : unmanaged, IReal64<T> => new LoopSteps<T>(device, shape, [.. Enumerable.Range(0, lattice.Dimensions).Select(mu => Loops(lattice, mu))], part);

    private static LoopGroup Loops(LatticeGeometry lattice, int mu)
    {
        var links = new List<int>();
        for (int site = 0; site < lattice.Volume; site++)
        {
            if (lattice.Coordinate(site, mu) != 0) continue;
            for (int i = 0; i < lattice.Extents[mu]; i++) links.Add(lattice.Link(lattice.Neighbour(site, mu, i), mu));
        }

        return new LoopGroup([.. links], lattice.Extents[mu], lattice.Extents[mu]);
    }
}
