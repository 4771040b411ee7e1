using LatticeFlow.Compute;
using LatticeFlow.Kernels.Couplings;
using LatticeFlow.Kernels.Lanes;
using LatticeFlow.Lattice;

namespace LatticeFlow.Flows;

/// <summary>A <see cref="PlaquetteCoupling"/> as kernels.</summary>
internal sealed class CompiledPlaquetteCoupling<T, TTransform> : ICompiledLayer
    where T : unmanaged, IReal<T>
    where TTransform : unmanaged, ICircularTransform<T>
{
    private readonly FlowWorkspace<T> workspace;
    private readonly CompiledNetwork<T> network;
    private readonly TTransform transform;
    private readonly CouplingOperands<T> operands;
    private readonly LatticeGeometry lattice;
    private readonly int firstParameter;
    private readonly int parameters;

    public CompiledPlaquetteCoupling(PlaquetteCoupling layer, TTransform transform, FlowWorkspace<T> workspace, int firstParameter)
    {
        this.transform = transform;
        this.workspace = workspace;
        this.firstParameter = firstParameter;
        parameters = layer.Parameters;
        lattice = workspace.Lattice;
        int phase = layer.Index % StripeMask.Cycle;
        var mask = StripeMask.Create(lattice, phase, layer.Ascending);
        string name = $"stripe {phase}" + (layer.Ascending ? " ascending" : string.Empty);
        Func<int, bool> wantsGradient = layer.Rectangles ? p => mask.Roles[p] != PlaquetteRole.Passive : mask.IsFrozen;
        var features = workspace.Scratch("features", layer.Features * lattice.Plaquettes);
        network = new CompiledNetwork<T>(layer.Network, workspace, features, mask.ActivePlaquettes, wantsGradient, name, firstParameter);
        operands = new CouplingOperands<T>
        {
            Links = workspace.Links.View,
            LinkCotangent = workspace.LinkCotangent.View,
            Features = features.View,
            FeatureCotangent = network.InputCotangent.View,
            Net = network.Output.View,
            NetCotangent = network.OutputCotangent.View,
            PlaquetteCotangent = workspace.Scratch("plaquette cotangent", lattice.Plaquettes).View,
            LogSlopes = workspace.Scratch("log slopes", mask.ActivePlaquettes.Length).View,
            ReplicaWeight = workspace.Weight.View,
            PlaquetteLinks = workspace.PlaquetteLinks.View,
            Active = workspace.Table(name + " active", mask.ActiveTable).View,
            Roles = workspace.Table(name + " roles", () => mask.Roles).View,
            Rectangles = workspace.Table(name + " rectangles", () => mask.Rectangles(lattice)).View,
            Partners = workspace.Table(name + " partners", () => mask.Partners(lattice)).View,
            FeatureStride = layer.Features,
            ActiveCount = mask.ActivePlaquettes.Length,
            NetStride = layer.Network.OutputStride(layer.Network.Depth - 1),
            FeatureCotangentStride = network.InputCotangentStride,
        };
    }

    public void Load(ReadOnlySpan<double> all) => network.Load(all.Slice(firstParameter, parameters));

    public void AddForward(KernelProgram program)
    {
        AddConditioner(program, keepSlopes: false);
        program.Add(new CouplingForward<T, TTransform>(operands, transform), operands.ActiveCount);
        AddLogDet(program);
    }

    public void AddPathForward(KernelProgram program)
    {
        AddConditioner(program, keepSlopes: true);
        program.Add(new CouplingPathForward<T, TTransform>(operands, transform), operands.ActiveCount);
        AddLogDet(program);
        network.AddInputVjp(program);
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
        network.AddWeightVjp(program);
        AddPlaquettesToLinks(program, 1);
    }

    public void Dispose() => network.Dispose();

    private void AddConditioner(KernelProgram program, bool keepSlopes)
    {
        program.Add(new FrozenFeatures<T>(operands), lattice.Plaquettes);
        network.AddForward(program, keepSlopes);
    }

    private void AddLogDet(KernelProgram program) =>
        program.Add(new DensitySum<T>(operands.LogSlopes, workspace.Totals.View, FlowTotals.LogDensity, operands.ActiveCount, -1), 1);

    private void AddPlaquettesToLinks(KernelProgram program, double sign)
    {
        program.Add(new FrozenFeaturesVjp<T>(operands), lattice.Plaquettes);
        int perLink = 2 * (lattice.Dimensions - 1);
        program.Add(
            new LinkCotangent<T>(operands.LinkCotangent, operands.PlaquetteCotangent, workspace.PlaquettesOfLinks.View, perLink, sign, add: true),
            lattice.Links);
    }
}
