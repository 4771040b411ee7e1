using LatticeFlow.Compute;
using LatticeFlow.Expressions;
using LatticeFlow.Groups;
using LatticeFlow.Kernels.Lanes;
using LatticeFlow.Lattice;

namespace LatticeFlow.Observables;

/// <summary>
/// P_μ = mean over the sites of x_μ = 0 of (1/N) tr of the product of the links along direction μ: its real part, imaginary part, absolute value or projection on the centre's real direction, for μ = 0 … D − 1.
/// </summary>
public sealed class PolyakovLoop : ILinkObservable
{
    private readonly Func<GaugeGroup, LoopValues> part;

    private PolyakovLoop(string name, int dimensions, LoopValues part)
        : this(name, dimensions, _ => part)
    {
    }

    private PolyakovLoop(string name, int dimensions, Func<GaugeGroup, LoopValues> part)
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

    /// <summary>
    /// max_z Re(z* P_μ) over the centre z = e^{2πik/N} of SU(N), of each configuration: P_μ turned into the sector around the positive real axis, an order parameter of deconfinement that no centre symmetry averages to zero.
    /// The centre of U(1) is the group, so that it is |P_μ|.
    /// </summary>
    public static PolyakovLoop Projected(int dimensions) => new("polyakov_projected", dimensions, group => group == GaugeGroup.U1
        ? (real, imaginary) => Math.Sqrt((real * real) + (imaginary * imaginary))
        : (real, imaginary) => ExpressionFunctions.Projected(new(real), new(imaginary), group.Order).Value);

    /// <inheritdoc/>
    public IObservableSteps<T> Bind<T>(ComputeDevice device, StencilTables stencil, GaugeGroup group)
        where T : unmanaged, IReal64<T> =>
        LoopSteps.Create<T>(device, stencil, group, [.. Enumerable.Range(0, stencil.Layout.OfLane.Dimensions).Select(mu => Loops(stencil.Layout, mu))], part(group));

    // Where lanes are sub-lattices each begins its loops at its own border, and a loop counts as often as sub-lattices lie along it: the mean is the same.
    private static LoopGroup Loops(LatticeLayout layout, int mu)
    {
        var lattice = layout.OfLane;
        int length = layout.Lattice.Extents[mu];
        var links = new List<int>();
        for (int site = 0; site < lattice.Volume; site++)
        {
            if (lattice.Coordinate(site, mu) != 0) continue;
            for (int i = 0; i < length; i++) links.Add(layout.LinkEntry(layout.Move(new(site, 0), mu, i), mu));
        }

        return new LoopGroup([.. links], length, length);
    }
}
