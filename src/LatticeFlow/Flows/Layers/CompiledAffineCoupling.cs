using LatticeFlow.Compute;
using LatticeFlow.Kernels.Flows;
using LatticeFlow.Kernels.Lanes;
using LatticeFlow.Kernels.Networks;

namespace LatticeFlow.Flows;

/// <summary>An <see cref="AffineCoupling"/> as kernels.</summary>
internal sealed class CompiledAffineCoupling<T> : ICompiledLayer
    where T : unmanaged, IReal<T>
{
    private readonly LayerContext<T> context;
    private readonly CompiledNetwork<T> network;
    private readonly AffineOperands<T> operands;
    private readonly int sites;
    private readonly int active;
    private readonly int read;

    public CompiledAffineCoupling(AffineCoupling layer, LayerContext<T> context)
    {
        this.context = context;
        var lattice = context.Space.Lattice;
        sites = lattice.Volume;
        int[] isActive = [.. layer.Mask.ActiveSites(lattice).Select(moves => moves ? 1 : 0)];
        int[] moving = [.. Enumerable.Range(0, sites).Where(site => isActive[site] != 0)];
        var net = layer.Network;
        int stride = net.InputStride(0);
        var features = context.Padded(sites, net.InputChannels, stride);
        network = new CompiledNetwork<T>(net, context, lattice, features, moving, site => isActive[site] == 0);
        int[] frozen = [.. network.InputSites.Where(site => isActive[site] == 0)];
        active = moving.Length;
        read = frozen.Length;
        operands = new AffineOperands<T>
        {
            Values = context.Values.View,
            Cotangents = context.Cotangents.View,
            Features = features.View,
            FeatureCotangents = network.InputCotangent.View,
            Net = network.Output.View,
            NetCotangents = network.OutputCotangent.View,
            LogSlopes = context.Scratch(active).View,
            ReplicaWeight = context.Weight.View,
            Active = context.Table(moving).View,
            IsActive = context.Table(isActive).View,
            Read = context.Table(frozen).View,
            FeatureStride = stride,
            FeatureCotangentStride = network.InputCotangentStride,
            NetStride = net.OutputStride(net.Depth - 1),
            ShiftBound = layer.BoundsShift ? Activation.Tanh : Activation.Identity,
            Shape = layer.HasShape ? 1 : 0,
        };
    }

    public void Load(ReadOnlySpan<double> parameters) => network.Load(parameters);

    public void AddForward(KernelProgram program)
    {
        AddConditioner(program, keepSlopes: false);
        program.Add(new AffineForward<T>(operands), active);
        AddLogDet(program);
    }

    public void AddPathForward(KernelProgram program, bool score = false)
    {
        AddConditioner(program, keepSlopes: true);
        program.Add(new AffinePathForward<T>(operands), active);
        AddLogDet(program);
        network.AddInputVjp(program);
        if (score) network.AddWeightVjp(program, score);
        program.Add(new AffineFeaturesVjp<T>(operands, -1), read);
    }

    public void AddInverse(KernelProgram program)
    {
        AddConditioner(program, keepSlopes: false);
        program.Add(new AffineInverse<T>(operands), active);
        AddLogDet(program);
    }

    public void AddBackward(KernelProgram program, double logDetCotangent)
    {
        AddConditioner(program, keepSlopes: true);
        var withCotangent = operands;
        withCotangent.LogDetCotangent = logDetCotangent;
        program.Add(new AffineBackward<T>(withCotangent), active);
        network.AddInputVjp(program);
        if (context.WantsGradient) network.AddWeightVjp(program);
        program.Add(new AffineFeaturesVjp<T>(operands, 1), read);
    }

    public void Dispose() => network.Dispose();

    private void AddConditioner(KernelProgram program, bool keepSlopes)
    {
        program.Add(new AffineFeatures<T>(operands), sites);
        network.AddForward(program, keepSlopes);
    }

    private void AddLogDet(KernelProgram program) => program.Add(new DensitySum<T>(operands.LogSlopes, context.Totals.View, FlowTotals.LogDensity, active, -1), 1);
}
