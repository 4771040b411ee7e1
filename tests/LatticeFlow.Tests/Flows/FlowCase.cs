using LatticeFlow.Compute.Cpu;
using LatticeFlow.Flows;
using LatticeFlow.Groups;
using LatticeFlow.Kernels.Flows;
using LatticeFlow.Kernels.Networks;
using LatticeFlow.Lattice;

namespace LatticeFlow.Tests;

/// <summary>A flow whose laws are tested: layers of one kind, and what they act on.</summary>
/// <param name="Space">A small lattice.</param>
/// <param name="Layers">The layers.</param>
/// <param name="Spread">The size of random parameters: large enough that the flow is far from the identity.</param>
/// <param name="MovesAll">Whether every link moves.</param>
public sealed record FlowCase(FlowSpace Space, IReadOnlyList<IFlowLayer> Layers, double Spread = 0.25, bool MovesAll = true)
{
    /// <summary>All kinds of layers. A new kind adds a line here.</summary>
    public static readonly IReadOnlyDictionary<string, FlowCase> All = new Dictionary<string, FlowCase>
    {
        ["mobius 1"] = Plaquettes(i => new(i, CircleMap.Mobius, 1, [4], 3, Activation.Tanh, Rectangles: false)),
        ["mobius 2"] = Plaquettes(i => new(i, CircleMap.Mobius, 2, [8, 8], 3, Activation.Silu)),
        ["mobius 3"] = Plaquettes(i => new(i, CircleMap.Mobius, 3, [5, 6], 3, Activation.Tanh)),
        ["mobius 5x5"] = Plaquettes(i => new(i, CircleMap.Mobius, 2, [3], 5, Activation.Tanh)),
        ["spline 4"] = Plaquettes(i => new(i, CircleMap.Spline, 4, [6], 3, Activation.Silu)),
        ["spectral plaquettes U1"] = Spectral(GaugeGroup.U1, [4, 4], 8, index => PlaquetteStripes.OfIndex(2, index, true), 3),
        ["spectral plaquettes SU2"] = Spectral(GaugeGroup.SU2, [4, 4], 8, index => PlaquetteStripes.OfIndex(2, index, false), 3),
        ["spectral plaquettes SU3"] = Spectral(GaugeGroup.SU3, [4, 4], 8, index => PlaquetteStripes.OfIndex(2, index, true), 3),
        ["spectral plaquettes SU2 3D"] = Spectral(GaugeGroup.SU2, [4, 4, 4], 6, index => PlaquetteStripes.OfIndex(3, index, true), 1) with { MovesAll = false },
        ["spectral staples SU2 3D"] = Spectral(GaugeGroup.SU2, [2, 2, 4], 6, index => StapleMask.OfIndex(3, index, false), 1),
        ["spectral staples SU3 4D"] = Spectral(GaugeGroup.SU3, [2, 2, 2, 2], 8, index => StapleMask.OfIndex(4, index, false), 1),
        ["spectral staples SU3"] = Spectral(GaugeGroup.SU3, [4, 4], 8, index => StapleMask.OfIndex(2, index, true), 3),
        ["doubling U1"] = Doublings(GaugeGroup.U1, [[1, 1], [1, 0]], 0.5),
        ["doubling SU2"] = Doublings(GaugeGroup.SU2, [[1, 1], [1, 0]], 0.5),
        ["doubling SU3"] = Doublings(GaugeGroup.SU3, [[0.7, 1], [0, 1]], 0.5),
        ["doubling SU4"] = Doublings(GaugeGroup.Named("SU4"), [[1, 1]], 0.5),
        ["spline 5, plaquettes"] = Plaquettes(i => new(i, CircleMap.Spline, 5, [4], 3, Activation.Silu, Rectangles: false)),
    };

    public static IEnumerable<string> InstructionSets => InstructionSet.All.Where(set => set.IsSupported).Select(set => set.Name);

    public static TheoryData<string, string> Everywhere
    {
        get
        {
            var data = new TheoryData<string, string>();
            foreach (string set in InstructionSets)
            {
                foreach (string layer in All.Keys) data.Add(set, layer);
            }

            return data;
        }
    }

    /// <summary>The flow with random parameters.</summary>
    public FlowModel Model(ulong seed, IFlowPrior? prior = null) => Randomised(new FlowModel(Layers, prior), seed, Spread);

    /// <summary>Parameters uniform in ±<paramref name="spread"/>.</summary>
    public static FlowModel Randomised(FlowModel model, ulong seed, double spread)
    {
        var random = new TestRandom(seed);
        for (int i = 0; i < model.Parameters.Length; i++) model.Parameters[i] = spread * ((2 * random.Uniform()) - 1);
        return model;
    }

    public static double[] Angles(int count, ulong seed)
    {
        var random = new TestRandom(seed);
        return [.. Enumerable.Range(0, count).Select(_ => Math.PI * ((2 * random.Uniform()) - 1))];
    }

    public static double Difference(double a, double b) => Math.IEEERemainder(a - b, 2 * Math.PI);

    /// <summary>Spectral couplings with these masks.</summary>
    public static FlowCase Spectral(GaugeGroup group, int[] extents, int count, Func<int, ICouplingMask> mask, int kernel) => new(
        new(group, new LatticeGeometry(extents)),
        [.. Enumerable.Range(0, count).Select(index =>
        {
            var one = mask(index);
            return new SpectralOptions(4, 2, 2, [5], kernel, Activation.Silu).Create(group, extents.Length, one, [.. Enumerable.Range(0, one.PathsOfOne).Select(j => 1.0 - (0.1 * j))]);
        })]);

    /// <summary>One doubling of two directions.</summary>
    public static FlowCase Doublings(GaugeGroup group, double[][] weights, double spread) => new(
        new(group, new LatticeGeometry(2, 2)),
        [.. Doubling.Layers(2, 1, mask => Doubling.SpectralMaps(group, 2, mask, weights, new(4, 2, 2, [6], 1, Activation.Silu)))],
        spread);

    /// <summary>Plaquette couplings of U(1).</summary>
    public static FlowCase Plaquettes(Func<int, PlaquetteCoupling> layer, int count = StripeMask.Cycle + 1) =>
        new(new(GaugeGroup.U1, new LatticeGeometry(4, 8)), [.. Enumerable.Range(0, count).Select(layer)]);
}
