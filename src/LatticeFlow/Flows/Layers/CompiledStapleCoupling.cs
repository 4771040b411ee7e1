using LatticeFlow.Compute;
using LatticeFlow.Kernels.Fields;
using LatticeFlow.Kernels.Flows;
using LatticeFlow.Kernels.Groups;
using LatticeFlow.Kernels.Lanes;

namespace LatticeFlow.Flows;

/// <summary>A <see cref="StapleCoupling"/> as kernels.</summary>
internal sealed class CompiledStapleCoupling<TLink, T> : ICompiledLayer
    where TLink : unmanaged, ILink<TLink, T>
    where T : unmanaged, IReal<T>
{
    private readonly StapleCoupling layer;
    private readonly LayerContext<T> context;
    private readonly CompiledNetwork<T>? network;
    private readonly PathOperands<T> paths;
    private readonly FeatureOperands<T> features;
    private readonly StapleOperands<T> staples;
    private readonly Field<T> constants;
    private readonly Field<T> lipschitz;
    private readonly Field<T> gradient;
    private readonly double[] coefficients;
    private readonly int firstParameter;
    private readonly int pathCount;
    private readonly int usedLinks;
    private readonly int loopCount;
    private readonly int active;
    private readonly int clearFeatures;

    public CompiledStapleCoupling(StapleCoupling layer, LayerContext<T> context)
    {
        this.layer = layer;
        this.context = context;
        firstParameter = context.FirstParameter;
        var shape = layer.Mask.On(context.Space.Lattice);
        shape.Verify();
        active = shape.Active.Length;
        Field<T>? input = null;
        if (layer.Network is { } net)
        {
            input = context.Padded(shape.Nodes.Volume, net.InputChannels, net.InputStride(0));

            // Nodes without an active link have no loops: their features are zero, whatever another mask left there.
            clearFeatures = input.Elements;
            int[] nodes = [.. shape.Active.Select(one => one.Node)];
            network = new CompiledNetwork<T>(net, context, shape.Nodes, input, nodes, nodes.ToHashSet().Contains, layer.Schedule.Constants);
        }

        shape = shape.ReadBy(network?.InputSites ?? []);
        var tables = new PathTables<T>(context, shape, layer.FeaturesOfLoop);
        pathCount = shape.Paths.Count;
        usedLinks = tables.UsedLinks;
        loopCount = shape.Loops.Count;
        int count = layer.Staples, paired = layer.Schedule.Terms.HasPairs ? count : 0, beside = paired * StapleOperands<T>.LinksOfStaple, terms = layer.Schedule.Terms.Count;
        int[] needs =
        [
            StapleSumsVjp<TLink, T>.Slots * TLink.WorkElements,
            StapleInsertions<TLink, T>.Slots * TLink.WorkElements,
            StapleNeighboursVjp<TLink, T>.Slots * TLink.WorkElements,
            StapleBacktracksVjp<TLink, T>.Slots * TLink.WorkElements,
            StapleTracesVjp<TLink, T>.Slots * TLink.WorkElements,
            StapleSums<TLink, T>.Slots * TLink.WorkElements,
            LoopFeaturesVjp<TLink, T>.Slots * TLink.WorkElements,
        ];

        // These work in memory, whatever form links have: on a device every item has its own.
        int ofItem = new[]
        {
            (StapleStep<TLink, T>.Slots * TLink.WorkElements) + StapleStep<TLink, T>.Elements(paired),
            (StapleInverse<TLink, T>.Slots * TLink.WorkElements) + StapleInverse<TLink, T>.Elements(paired),
            (StapleVjp<TLink, T>.Slots * TLink.WorkElements) + StapleVjp<TLink, T>.Elements(paired),
        }.Max();
        bool atOnce = context.Device.IsGpu;
        coefficients = new double[terms];
        constants = context.Device.NewShared<T>(terms);
        lipschitz = context.Device.NewShared<T>(terms);
        lipschitz.WriteShared(layer.Schedule.Lipschitz());
        gradient = context.LaneGradient(layer.Schedule.Constants);
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
            Work = (atOnce ? context.Scratch(active * ofItem) : context.Work(Math.Max(ofItem, needs.Max()))).View,
        };
        staples = new StapleOperands<T>
        {
            Paths = paths,
            Terms = layer.Schedule.Terms,
            Staples = count,
            Neighbours = layer.Neighbours,
            Constants = constants.View,
            Lipschitz = lipschitz.View,
            Active = tables.Active.View,
            Classes = context.Table(layer.Mask is DefectMask defect ? defect.Classes(context.Space.Lattice) : []).View,
            Coefficients = context.Scratch(active * terms).View,
            CoefficientCotangents = context.Scratch(active * terms).View,
            Insertions = context.Scratch(active * beside * TLink.MatrixComponents).View,
            Traces = context.Scratch(active * beside * 2).View,
            Sums = context.Scratch(active * TLink.MatrixComponents).View,
            SumCotangents = context.Scratch(active * TLink.MatrixComponents).View,
            LogDets = context.Scratch(active).View,
            ReplicaWeight = context.Weight.View,
            WorkStride = atOnce ? ofItem : 0,
        };
        if (network is null || input is null) return;
        staples.Net = network.Output.View;
        staples.NetCotangent = network.OutputCotangent.View;
        staples.NetStride = layer.Network!.OutputStride(layer.Network.Depth - 1);
        features = new FeatureOperands<T>
        {
            Paths = paths,
            Features = input.View,
            FeatureCotangents = network.InputCotangent.View,
            Loops = tables.Loops.View,
            StartsOfPaths = tables.StartsOfPaths.View,
            LoopsOfPaths = tables.LoopsOfPaths.View,
            Stride = layer.Network.InputStride(0),
            CotangentStride = network.InputCotangentStride,
            Powers = 1,
            Imaginary = layer.Imaginary ? 1 : 0,
        };
    }

    public void Load(ReadOnlySpan<double> parameters)
    {
        layer.Schedule.CoefficientsOf(layer.Sweep, parameters, coefficients);
        constants.WriteShared(coefficients);
        network?.Load(parameters[layer.Schedule.Constants..]);
    }

    public void AddForward(KernelProgram program)
    {
        AddConditioner(program, keepSlopes: false);
        AddStep(program, densityOnly: 0);
    }

    public void AddInverse(KernelProgram program)
    {
        AddConditioner(program, keepSlopes: false);
        program.Add(new StapleInverse<TLink, T>(staples), active);
        AddStep(program, densityOnly: 1);
    }

    public void AddPathForward(KernelProgram program, bool score = false)
    {
        AddConditioner(program, keepSlopes: true);
        AddVjp(program, staples, path: 1, wantsGradient: score, score);
        AddStep(program, densityOnly: 0);
    }

    public void AddBackward(KernelProgram program, double logDetCotangent)
    {
        AddConditioner(program, keepSlopes: true);
        program.Add(new StapleInverse<TLink, T>(staples), active);
        var operands = staples;
        operands.LogDetCotangent = logDetCotangent;
        AddVjp(program, operands, path: 0, context.WantsGradient, score: false);
    }

    public void Dispose()
    {
        network?.Dispose();
        constants.Dispose();
        lipschitz.Dispose();
    }

    private void AddConditioner(KernelProgram program, bool keepSlopes)
    {
        program.Add(new OpenPaths<TLink, T>(paths), pathCount);
        if (network is not null)
        {
            program.Add(new Clear<T> { Target = features.Features }, clearFeatures);
            program.Add(new LoopFeatures<TLink, T>(features), loopCount);
            network.AddForward(program, keepSlopes);
        }

        program.Add(new StapleCoefficients<T>(staples), active);
        if (staples.Terms.HasPairs) program.Add(new StapleInsertions<TLink, T>(staples), active * staples.LinksOfOne);
        program.Add(new StapleSums<TLink, T>(staples), active);
    }

    private void AddStep(KernelProgram program, int densityOnly)
    {
        program.Add(new StapleStep<TLink, T>(staples, densityOnly), active);
        program.Add(new DensitySum<T>(staples.LogDets, context.Totals.View, FlowTotals.LogDensity, active, -1), 1);
    }

    private void AddVjp(KernelProgram program, in StapleOperands<T> operands, int path, bool wantsGradient, bool score)
    {
        program.Add(new Clear<T> { Target = paths.PathCotangents }, pathCount * TLink.Generators);
        program.Add(new Clear<T> { Target = operands.CoefficientCotangents }, active * operands.Terms.Count);
        program.Add(new StapleVjp<TLink, T>(operands, path), active);
        program.Add(new StapleSumsVjp<TLink, T>(operands), active);
        if (operands.Terms.HasPairs)
        {
            program.Add(new StapleNeighboursVjp<TLink, T>(operands), active);
            program.Add(new StapleBacktracksVjp<TLink, T>(operands), active);
        }

        if (operands.Terms.HasTraces) program.Add(new StapleTracesVjp<TLink, T>(operands), active);
        if (wantsGradient || network is not null) program.Add(new StapleCoefficientsVjp<T>(operands), active);
        if (wantsGradient)
        {
            int powers = layer.Schedule.Degree + 1;
            program.Add(new StapleConstantsVjp<T>(operands, gradient.View, active, powers, 1.0 / layer.Schedule.Sweeps, layer.Schedule.Time(layer.Sweep)), layer.Schedule.FreeTerms);
            context.AddGradient(program, gradient, firstParameter, layer.Schedule.Constants, score);
        }

        if (network is not null)
        {
            network.AddInputVjp(program);
            if (wantsGradient) network.AddWeightVjp(program, score);
            program.Add(new LoopFeaturesVjp<TLink, T>(features), pathCount);
        }

        program.Add(new OpenPathsVjp<TLink, T>(paths, path == 0 ? 1 : -1), usedLinks);
    }
}
