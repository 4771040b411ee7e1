using LatticeFlow.Compute;
using LatticeFlow.Kernels.Flows;
using LatticeFlow.Kernels.Lanes;
using LatticeFlow.Lattice;

namespace LatticeFlow.Flows;

/// <summary>A <see cref="PlaquetteCoupling"/> as kernels.</summary>
internal sealed class CompiledPlaquetteCoupling<T, TTransform> : ICompiledLayer
    where T : unmanaged, IReal<T>
    where TTransform : unmanaged, ICircularTransform<T>
{
    private readonly LayerContext<T> context;
    private readonly CompiledNetwork<T> network;
    private readonly TTransform transform;
    private readonly CouplingOperands<T> operands;
    private readonly LatticeGeometry lattice;
    private readonly IndexTable plaquettesOfLinks;

    public CompiledPlaquetteCoupling(PlaquetteCoupling layer, TTransform transform, LayerContext<T> context)
    {
        this.transform = transform;
        this.context = context;
        lattice = context.Space.Lattice;
        var mask = StripeMask.Create(lattice, layer.Index % StripeMask.Cycle, layer.Ascending);
        Func<int, bool> wantsGradient = layer.Rectangles ? p => mask.Roles[p] != PlaquetteRole.Passive : mask.IsFrozen;
        var features = context.Scratch(layer.Features * lattice.Plaquettes);
        network = new CompiledNetwork<T>(layer.Network, context, lattice, features, mask.ActivePlaquettes, wantsGradient);
        plaquettesOfLinks = context.Table(PlaquetteTable.OfLinks(lattice));
        operands = new CouplingOperands<T>
        {
            Links = context.Values.View,
            LinkCotangent = context.Cotangents.View,
            Features = features.View,
            FeatureCotangent = network.InputCotangent.View,
            Net = network.Output.View,
            NetCotangent = network.OutputCotangent.View,
            PlaquetteCotangent = context.Scratch(lattice.Plaquettes).View,
            LogSlopes = context.Scratch(mask.ActivePlaquettes.Length).View,
            ReplicaWeight = context.Weight.View,
            PlaquetteLinks = context.Table(PlaquetteTable.Links(lattice)).View,
            Active = context.Table(mask.ActiveTable()).View,
            Roles = context.Table(mask.Roles).View,
            Rectangles = context.Table(mask.Rectangles(lattice)).View,
            Partners = context.Table(mask.Partners(lattice)).View,
            FeatureStride = layer.Features,
            ActiveCount = mask.ActivePlaquettes.Length,
            NetStride = layer.Network.OutputStride(layer.Network.Depth - 1),
            FeatureCotangentStride = network.InputCotangentStride,
        };
    }

    public void Load(ReadOnlySpan<double> parameters) => network.Load(parameters);

    public void AddForward(KernelProgram program)
    {
        AddConditioner(program, keepSlopes: false);
        program.Add(new CouplingForward<T, TTransform>(operands, transform), operands.ActiveCount);
        AddLogDet(program);
    }

    public void AddPathForward(KernelProgram program, bool score = false)
    {
        AddConditioner(program, keepSlopes: true);
        program.Add(new CouplingPathForward<T, TTransform>(operands, transform), operands.ActiveCount);
        AddLogDet(program);
        network.AddInputVjp(program);
        if (score) network.AddWeightVjp(program, score);
        AddPlaquettesToLinks(program, -1);
    }

    public void AddInverse(KernelProgram program)
    {
        AddConditioner(program, keepSlopes: false);
        program.Add(new CouplingInverse<T, TTransform>(operands, transform), operands.ActiveCount);
        AddLogDet(program);
    }

    public void AddBackward(KernelProgram program, double logDetCotangent)
    {
        AddConditioner(program, keepSlopes: true);
        var withCotangent = operands;
        withCotangent.LogSlopeCotangent = logDetCotangent;
        program.Add(new CouplingBackward<T, TTransform>(withCotangent, transform), operands.ActiveCount);
        network.AddInputVjp(program);
        if (context.WantsGradient) network.AddWeightVjp(program);
        AddPlaquettesToLinks(program, 1);
    }

    public void Dispose() => network.Dispose();

    private void AddConditioner(KernelProgram program, bool keepSlopes)
    {
        program.Add(new FrozenFeatures<T>(operands), lattice.Plaquettes);
        network.AddForward(program, keepSlopes);
    }

    private void AddLogDet(KernelProgram program) =>
        program.Add(new DensitySum<T>(operands.LogSlopes, context.Totals.View, FlowTotals.LogDensity, operands.ActiveCount, -1), 1);

    private void AddPlaquettesToLinks(KernelProgram program, double sign)
    {
        program.Add(new FrozenFeaturesVjp<T>(operands), lattice.Plaquettes);
        int perLink = 2 * (lattice.Dimensions - 1);
        program.Add(
            new LinkCotangent<T>(operands.LinkCotangent, operands.PlaquetteCotangent, plaquettesOfLinks.View, perLink, sign, add: true),
            lattice.Links);
    }
}
