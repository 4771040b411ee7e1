using System.Text.Json.Nodes;
using LatticeFlow.Fields;
using LatticeFlow.Groups;
using LatticeFlow.Kernels.Flows;
using LatticeFlow.Kernels.Groups;
using LatticeFlow.Kernels.Lanes;

namespace LatticeFlow.Flows;

/// <summary>
/// A spectral coupling (D. Boyda et al. 2020, arXiv:2008.05456; with active loops of sums of paths: R. Abbott et al. 2023, arXiv:2305.02402) of U(1) or SU(N) in any dimension: the eigenphases of
/// U F are moved by splines in the box of the canonical cell, whose parameters a network makes of traces of frozen loops; F is a frozen path, or the unitary factor of a weighted sum of them.
/// </summary>
/// <param name="Mask">The active links, their paths and the loops that the network reads.</param>
/// <param name="Weights">The constant part of the weights of the paths in F, one a path.</param>
/// <param name="LearnsWeights">Whether the network adds to them.</param>
/// <param name="Bins">Bins of each spline.</param>
/// <param name="Orders">1 + the degree of the polynomial in w that parameters of all splines but the first are.</param>
/// <param name="Powers">Powers of a loop whose traces are features.</param>
/// <param name="HalfAngle">Whether ‖1 + W‖/2√N of a loop W, of U(1) |cos θ/2|, is a feature, too.</param>
/// <param name="Hidden">Hidden channels of the network.</param>
/// <param name="KernelSize">k of its convolutions on the lattice of the nodes, odd; 1: each active link for itself.</param>
/// <param name="Activation">One of <see cref="Kernels.Networks.Activation"/>.</param>
public sealed record SpectralCoupling(
    ICouplingMask Mask, IReadOnlyList<double> Weights, bool LearnsWeights, int Bins, int Orders, int Powers, bool HalfAngle, IReadOnlyList<int> Hidden, int KernelSize, int Activation) : IFlowLayer
{
    /// <summary>The group whose loops are moved: parameters are counted for it.</summary>
    public required GaugeGroup Group { get; init; }

    /// <summary>Dimensions of the lattice.</summary>
    public required int Dimensions { get; init; }

    /// <inheritdoc/>
    public int Parameters => Network.Parameters;

    /// <summary>Whether imaginary parts of traces are features: those of SU(2) are zero.</summary>
    public bool Imaginary => Group.Order != 2;

    /// <summary>Features of a loop.</summary>
    public int FeaturesOfLoop => (Powers * (Imaginary ? 2 : 1)) + (HalfAngle ? 1 : 0);

    /// <summary>Network outputs of the map of the phases.</summary>
    public int MapOutputs => CellMap<Double1>.Parameters(Group.Order, Bins, Orders);

    /// <summary>Whether weights are network outputs, too.</summary>
    public bool HasWeightOutputs => LearnsWeights && Mask.PathsOfOne > 1;

    /// <summary>The network.</summary>
    public ConvolutionNetwork Network => new(Mask.LoopsOfNode * FeaturesOfLoop, Hidden, MapOutputs + (HasWeightOutputs ? Mask.PathsOfOne : 0), KernelSize, Activation, Dimensions);

    /// <inheritdoc/>
    public JsonObject Describe()
    {
        var description = new JsonObject
        {
            ["kind"] = "spectral-coupling",
            ["group"] = Group.Name,
            ["mask"] = Mask.Describe(),
            ["weights"] = new JsonArray([.. Weights.Select(weight => JsonValue.Create(weight))]),
            ["learns_weights"] = LearnsWeights,
            ["bins"] = Bins,
            ["orders"] = Orders,
            ["powers"] = Powers,
            ["hidden"] = new JsonArray([.. Hidden.Select(channels => JsonValue.Create(channels))]),
            ["kernel"] = KernelSize,
            ["activation"] = Kernels.Networks.Activation.Name(Activation),
        };
        if (HalfAngle) description["half_angle"] = true;
        return description;
    }

    /// <inheritdoc/>
    public string? Refusal(FieldSpace space)
    {
        if (space.Type != Group) return $"a spectral coupling was made for {Group.Description}, not {space.Type.Description}";
        return space.Lattice.Dimensions != Dimensions ? $"a spectral coupling was made for {Dimensions} dimensions, not {space.Lattice.Dimensions}" : Mask.Refusal(space.Lattice);
    }

    /// <inheritdoc/>
    public int Period(int direction) => Mask.Period(direction);

    /// <inheritdoc/>
    public FlowFloor Floor(FieldSpace space) => FlowFloor.OfPaths(Mask, Network, space, (paths, loops) => ((Powers - 1) * loops) + (paths > 1 ? 1 : 0) + 4);

    /// <inheritdoc/>
    public void Initialize(Span<double> parameters, Func<double> uniform) => Network.InitializeNearZero(parameters, uniform);

    /// <inheritdoc/>
    public ICompiledLayer Compile<T>(LayerContext<T> context)
        where T : unmanaged, IReal<T> => Group.Use(context.Device, new Factory<T>(this, context));

    private sealed record Factory<T>(SpectralCoupling Layer, LayerContext<T> Context) : ILinkUser<T, ICompiledLayer>
        where T : unmanaged, IReal<T>
    {
        public ICompiledLayer Use<TLink>()
            where TLink : unmanaged, ILink<TLink, T> => new CompiledSpectralCoupling<TLink, T>(Layer, Context);
    }
}
