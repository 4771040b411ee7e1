using System.Text.Json.Nodes;
using LatticeFlow.Fields;
using LatticeFlow.Kernels.Lanes;

namespace LatticeFlow.Flows;

/// <summary>
/// An affine coupling of a real scalar in any dimension (M. S. Albergo, G. Kanwar, P. E. Shanahan, Phys. Rev. D 100 (2019) 034515; L. Dinh, J. Sohl-Dickstein, S. Bengio, arXiv:1605.08803): on the sites
/// of one colour, by default of a checkerboard, φ′ = e^s φ + t, ln|det| = Σ s, or with a shape φ′ = e^s sinh(e^d arsinh φ + ε) + t (<see cref="Kernels.Flows.AffineMap{T}"/>). A network of periodic convolutions makes
/// s, t, ε and d of every active site of φ on all other sites, and reads 0 on the active ones.
/// </summary>
/// <param name="Index">The layer's number, which chooses the colour of its active sites: on a checkerboard they have the parity <c>Index mod 2</c>.</param>
/// <param name="Dimensions">Dimensions of the lattice.</param>
/// <param name="Hidden">Hidden channels of the network.</param>
/// <param name="KernelSize">k of its convolutions of k^D taps, odd, at least 3.</param>
/// <param name="Activation">One of <see cref="Kernels.Networks.Activation"/>.</param>
/// <param name="HasShape">Whether the map has a shape.</param>
/// <param name="BoundsShift">Whether t, as all others, is the hyperbolic tangent of its network output, as in arXiv:2101.08176; else it is the output itself.</param>
/// <param name="Colours">The colours that take turns.</param>
public sealed record AffineCoupling(
    int Index, int Dimensions, IReadOnlyList<int> Hidden, int KernelSize, int Activation, bool HasShape = false, bool BoundsShift = false, SiteColours Colours = SiteColours.Checkerboard) : IFlowLayer
{
    /// <summary>The network: φ to the numbers that s, t and with a shape ε, d are made of.</summary>
    public ConvolutionNetwork Network => new(1, Hidden, HasShape ? 4 : 2, KernelSize, Activation, Dimensions);

    /// <summary>The active sites.</summary>
    public SiteMask Mask => new(Colours, Dimensions, Index);

    /// <inheritdoc/>
    public int Parameters => Network.Parameters;

    /// <inheritdoc/>
    public JsonObject Describe() => new()
    {
        ["kind"] = "affine-coupling",
        ["dimensions"] = Dimensions,
        ["mask"] = Colours == SiteColours.Checkerboard ? "checkerboard" : "cells",
        ["colour"] = Mask.Colour,
        ["hidden"] = new JsonArray([.. Hidden.Select(channels => JsonValue.Create(channels))]),
        ["kernel"] = KernelSize,
        ["activation"] = Kernels.Networks.Activation.Name(Activation),
        ["shape"] = HasShape ? "sinh-arcsinh" : "none",
        ["bound_shift"] = BoundsShift,
    };

    /// <inheritdoc/>
    public string? Refusal(FieldSpace space)
    {
        if (space.Type != FieldType.Scalar) return $"an affine coupling moves a real scalar, not {space.Type.Description}: use \"spectral-coupling\"";
        return space.Lattice.Dimensions != Dimensions
            ? $"an affine coupling was made for {Dimensions} dimensions, not {space.Lattice.Dimensions}" : SiteMask.Refusal(space.Lattice);
    }

    /// <inheritdoc/>
    public int Period(int direction) => SiteMask.Period;

    /// <inheritdoc/>
    public FlowFloor Floor(FieldSpace space) => new(Mask.ActiveSites(space.Lattice).Count(moves => moves), FlowFloor.OfNetwork(Network));

    /// <inheritdoc/>
    public void Initialize(Span<double> parameters, Func<double> uniform) => Network.InitializeNearZero(parameters, uniform);

    /// <inheritdoc/>
    public ICompiledLayer Compile<T>(LayerContext<T> context)
        where T : unmanaged, IReal<T> => new CompiledAffineCoupling<T>(this, context);
}
