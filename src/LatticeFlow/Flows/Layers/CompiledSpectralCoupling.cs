using LatticeFlow.Compute;
using LatticeFlow.Kernels.Fields;
using LatticeFlow.Kernels.Flows;
using LatticeFlow.Kernels.Groups;
using LatticeFlow.Kernels.Lanes;
using LatticeFlow.Kernels.Networks;

namespace LatticeFlow.Flows;

/// <summary>A <see cref="SpectralCoupling"/> as kernels.</summary>
internal sealed class CompiledSpectralCoupling<TLink, T> : ICompiledLayer
    where TLink : unmanaged, ILink<TLink, T>
    where T : unmanaged, IReal<T>
{
    private readonly LayerContext<T> context;
    private readonly CompiledNetwork<T> network;
    private readonly PathOperands<T> paths;
    private readonly FeatureOperands<T> features;
    private readonly FrameOperands<T> frames;
    private readonly SpectralOperands<T> spectral;
    private readonly Field<T> weights;
    private readonly int pathCount;
    private readonly int usedLinks;
    private readonly int loopCount;
    private readonly int active;
    private readonly int clearFeatures;

    public CompiledSpectralCoupling(SpectralCoupling layer, LayerContext<T> context)
    {
        this.context = context;
        var shape = layer.Mask.On(context.Space.Lattice);
        shape.Verify();
        var net = layer.Network;
        active = shape.Active.Length;
        int stride = net.InputStride(0);
        var input = context.Padded(shape.Nodes.Volume, net.InputChannels, stride);

        // Nodes, or places of a node, that no loop fills would else hold what another mask left there.
        clearFeatures = layer.KernelSize > 1 || shape.Loops.Count != active * shape.LoopsOfNode ? input.Elements : 0;
        var withLoops = shape.Loops.Select(loop => loop.Node).ToHashSet();
        network = new CompiledNetwork<T>(net, context, shape.Nodes, input, [.. shape.Active.Select(one => one.Node)], withLoops.Contains);
        shape = shape.ReadBy(network.InputSites);
        var tables = new PathTables<T>(context, shape, layer.FeaturesOfLoop);
        pathCount = shape.Paths.Count;
        usedLinks = tables.UsedLinks;
        loopCount = shape.Loops.Count;
        int matrices = Math.Max(Math.Max(OpenPathsVjp<TLink, T>.Slots, LoopFeaturesVjp<TLink, T>.Slots), Math.Max(PolarFrame<TLink, T>.Slots, SpectralTurnBack<TLink, T>.Slots));
        var work = context.Work(matrices * TLink.WorkElements).View;
        weights = context.Device.NewShared<T>(layer.Weights.Count);
        weights.WriteShared([.. layer.Weights]);
        int order = TLink.Order;
        paths = new PathOperands<T>
        {
            Links = context.Values.View,
            Cotangents = context.Cotangents.View,
            Values = context.Scratch(pathCount * TLink.Components).View,
            PathCotangents = context.Scratch(pathCount * TLink.Generators).View,
            Starts = tables.Starts.View,
            Entries = tables.Entries.View,
            Uses = tables.Uses.View,
            Occurrences = tables.Occurrences.View,
            Work = work,
        };
        features = new FeatureOperands<T>
        {
            Paths = paths,
            Features = input.View,
            FeatureCotangents = network.InputCotangent.View,
            Loops = tables.Loops.View,
            StartsOfPaths = tables.StartsOfPaths.View,
            LoopsOfPaths = tables.LoopsOfPaths.View,
            Stride = stride,
            CotangentStride = network.InputCotangentStride,
            Powers = layer.Powers,
            Imaginary = layer.Imaginary ? 1 : 0,
            HalfAngle = layer.HalfAngle ? 1 : 0,
        };
        int netStride = net.OutputStride(net.Depth - 1);
        frames = new FrameOperands<T>
        {
            Paths = paths,
            PathsOfOne = shape.PathsOfOne,
            Weights = weights.View,
            Net = network.Output.View,
            NetCotangent = network.OutputCotangent.View,
            NetStride = netStride,
            FirstOutput = layer.HasWeightOutputs ? layer.MapOutputs : -1,
            Active = tables.Active.View,
            Frames = context.Scratch(active * TLink.Components).View,
            FrameCotangents = context.Scratch(active * TLink.Generators).View,
            Bases = context.Scratch(active * TLink.Components).View,
            Singular = context.Scratch(active * order).View,
        };
        spectral = new SpectralOperands<T>
        {
            Links = context.Values.View,
            Cotangents = context.Cotangents.View,
            Active = tables.Active.View,
            Frames = frames.Frames,
            FrameCotangents = frames.FrameCotangents,
            Bases = context.Scratch(active * TLink.Components).View,
            Map = new CellMap<T>
            {
                Order = order,
                Bins = layer.Bins,
                Orders = layer.Orders,
                Net = network.Output.View,
                NetCotangent = network.OutputCotangent.View,
                NetStride = netStride,
                FirstOutput = 0,
                Phases = context.Scratch(active * (order + 1)).View,
                Images = context.Scratch(active * (order + 1)).View,
                Scratch = context.Scratch(active * CellMap<T>.ScratchOf(order, layer.Bins)).View,
            },
            PhaseCotangents = context.Scratch(active * order).View,
            LogDets = context.Scratch(active).View,
            ReplicaWeight = context.Weight.View,
            Work = work,
        };
    }

    public void Load(ReadOnlySpan<double> parameters) => network.Load(parameters);

    public void AddForward(KernelProgram program)
    {
        AddConditioner(program, keepSlopes: false);
        AddMap(program, inverse: 0);
    }

    public void AddInverse(KernelProgram program)
    {
        AddConditioner(program, keepSlopes: false);
        AddMap(program, inverse: 1);
    }

    public void AddPathForward(KernelProgram program, bool score = false)
    {
        AddConditioner(program, keepSlopes: true);
        AddMap(program, inverse: 0);
        AddVjp(program, spectral, path: 1, wantsGradient: score, score);
    }

    public void AddBackward(KernelProgram program, double logDetCotangent)
    {
        AddConditioner(program, keepSlopes: true);
        AddMap(program, inverse: 1, density: false);
        var operands = spectral;
        operands.LogDetCotangent = logDetCotangent;
        AddVjp(program, operands, path: 0, context.WantsGradient, score: false);
    }

    public void Dispose()
    {
        network.Dispose();
        weights.Dispose();
    }

    private void AddConditioner(KernelProgram program, bool keepSlopes)
    {
        program.Add(new OpenPaths<TLink, T>(paths), pathCount);
        program.Add(new Clear<T> { Target = features.Features }, clearFeatures);
        program.Add(new LoopFeatures<TLink, T>(features), loopCount);
        network.AddForward(program, keepSlopes);
        program.Add(new PolarFrame<TLink, T>(frames), active);
    }

    private void AddMap(KernelProgram program, int inverse, bool density = true)
    {
        program.Add(new SpectralLoop<TLink, T>(spectral, inverse), active);
        program.Add(new SpectralPhases<T>(spectral, inverse), active);
        program.Add(new SpectralRebuild<TLink, T>(spectral, 1 - inverse), active);
        if (density) program.Add(new DensitySum<T>(spectral.LogDets, context.Totals.View, FlowTotals.LogDensity, active, -1), 1);
    }

    private void AddVjp(KernelProgram program, in SpectralOperands<T> operands, int path, bool wantsGradient, bool score)
    {
        program.Add(new SpectralTurn<TLink, T>(operands), active);
        program.Add(new SpectralPhasesVjp<T>(operands, path), active);
        program.Add(new SpectralTurnBack<TLink, T>(operands, path), active);
        program.Add(new Clear<T> { Target = paths.PathCotangents }, pathCount * TLink.Generators);
        program.Add(new PolarFrameVjp<TLink, T>(frames), active);
        network.AddInputVjp(program);
        if (wantsGradient) network.AddWeightVjp(program, score);
        program.Add(new LoopFeaturesVjp<TLink, T>(features), pathCount);
        program.Add(new OpenPathsVjp<TLink, T>(paths, path == 0 ? 1 : -1), usedLinks);
    }
}
