using System.Text.Json.Nodes;
using LatticeFlow.Fields;
using LatticeFlow.Groups;
using LatticeFlow.Kernels.Flows;
using LatticeFlow.Kernels.Lanes;

namespace LatticeFlow.Flows;

/// <summary>The family of circle maps of a coupling.</summary>
public enum CircleMap
{
    /// <summary>A mixture of Möbius maps and a shift: <see cref="MobiusMixture{T}"/>.</summary>
    Mobius,

    /// <summary>A circular rational-quadratic spline and a shift: <see cref="CircularSpline{T}"/>.</summary>
    Spline,
}

/// <summary>
/// A U(1) plaquette coupling layer (Kanwar et al. 2020, arXiv:2003.06413): P′ = h(P | frozen plaquettes), θ′ = θ ± (P′ − P). The network
/// reads cos and sin of the frozen plaquettes, so the layer commutes with gauge transformations; its parameters do not know the volume.
/// </summary>
/// <param name="Index">The layer's number, which chooses its <see cref="StripeMask"/>.</param>
/// <param name="Map">The circle map.</param>
/// <param name="Pieces">Möbius maps, or bins of the spline.</param>
/// <param name="Hidden">Hidden channels of the network.</param>
/// <param name="KernelSize">k of its k×k convolutions, odd.</param>
/// <param name="Activation">One of <see cref="Kernels.Networks.Activation"/>.</param>
/// <param name="Rectangles">
/// Whether the network also reads the 1×2 rectangles that the active links drop out of; with them a layer knows all that the action of its active
/// links depends on. Without them it is the layer of Kanwar et al.
/// </param>
/// <param name="Ascending">The order of the stripes: see <see cref="StripeMask"/>.</param>
public sealed record PlaquetteCoupling(
    int Index, CircleMap Map, int Pieces, IReadOnlyList<int> Hidden, int KernelSize, int Activation, bool Rectangles = true, bool Ascending = false) : IFlowLayer
{
    /// <summary>Input channels of the network.</summary>
    public int Features => Rectangles ? 4 : 2;

    /// <summary>The network.</summary>
    public ConvolutionNetwork Network => new(Features, Hidden, Outputs, KernelSize, Activation);

    /// <inheritdoc/>
    public int Parameters => Network.Parameters;

    private int Outputs => Map == CircleMap.Mobius ? Pieces + 1 : (3 * Pieces) + 1;

    /// <inheritdoc/>
    public JsonObject Describe() => new()
    {
        ["kind"] = "plaquette-coupling",
        ["index"] = Index,
        ["transform"] = Map == CircleMap.Mobius ? "mobius" : "spline",
        ["pieces"] = Pieces,
        ["hidden"] = new JsonArray([.. Hidden.Select(channels => JsonValue.Create(channels))]),
        ["kernel"] = KernelSize,
        ["activation"] = Kernels.Networks.Activation.Name(Activation),
        ["rectangles"] = Rectangles,
        ["ascending"] = Ascending,
    };

    /// <inheritdoc/>
    public string? Refusal(FieldSpace space) => space.Type != GaugeGroup.U1
        ? $"a plaquette coupling moves angles of {GaugeGroup.U1}, not {space.Type.Description}: use \"{(space.Type is GaugeGroup ? "spectral-coupling" : "affine-coupling")}\""
        : StripeMask.Refusal(space.Lattice);

    /// <inheritdoc/>
    public int Period(int direction) => StripeMask.Period;

    /// <inheritdoc/>
    public FlowFloor Floor(FieldSpace space) => new(StripeMask.Create(space.Lattice, Index % StripeMask.Cycle, Ascending).ActivePlaquettes.Length, FlowFloor.OfNetwork(Network));

    /// <inheritdoc/>
    public void Initialize(Span<double> parameters, Func<double> uniform) => Network.InitializeNearZero(parameters, uniform);

    /// <inheritdoc/>
    public ICompiledLayer Compile<T>(LayerContext<T> context)
        where T : unmanaged, IReal<T> => Map == CircleMap.Mobius
            ? new CompiledPlaquetteCoupling<T, MobiusMixture<T>>(this, new(Pieces), context)
            : new CompiledPlaquetteCoupling<T, CircularSpline<T>>(this, new(Pieces), context);
}
