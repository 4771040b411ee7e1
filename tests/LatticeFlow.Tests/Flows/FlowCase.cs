using LatticeFlow.Actions;
using LatticeFlow.Compute.Cpu;
using LatticeFlow.Fields;
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
/// <param name="MovesAll">Whether every element moves.</param>
/// <param name="IsCoupling">Whether a layer moves some elements given the others.</param>
/// <param name="LogDetTolerance">How far the log-determinant may be from that of the numerical Jacobian, relative to the larger of 1 and itself: rounding, or of a continuous flow what its method leaves.</param>
public sealed record FlowCase(FieldSpace Space, IReadOnlyList<IFlowLayer> Layers, double Spread = 0.25, bool MovesAll = true, bool IsCoupling = true, double LogDetTolerance = FlowCase.RoundingOfLogDet)
{
    /// <summary>Fourth-order differences of step 1e-5 leave some 1e-11 an entry; relative to a log-determinant of order one to ten.</summary>
    public const double RoundingOfLogDet = 1e-9;

    private const int StepsOfContinuous = 64;

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
        ["staple U1"] = Staples(GaugeGroup.U1, [4, 4], 2, 0.2),
        ["staple U1 4D"] = Staples(GaugeGroup.U1, [4, 4, 4, 4], 1, 0.02, every: 21) with { MovesAll = false },
        ["staple SU2"] = Staples(GaugeGroup.SU2, [4, 4], 2, 0.1),
        ["staple SU2 3D"] = Staples(GaugeGroup.SU2, [4, 4, 4], 1, 0.02, every: 5) with { MovesAll = false },
        ["staple SU3"] = Staples(GaugeGroup.SU3, [4, 4], 2, 0.05),
        ["staple SU4"] = Staples(GaugeGroup.Named("SU4"), [4, 4], 1, 0.05),
        ["staple SU3, network"] = Staples(GaugeGroup.SU3, [4, 4], 1, 0.05, [5]),
        ["staple U1, first order"] = Staples(GaugeGroup.U1, [4, 4], 2, 0.3, order: 1),
        ["staple SU2 3D, first order"] = Staples(GaugeGroup.SU2, [2, 2, 4], 1, 0.2, order: 1),
        ["staple SU3, first order"] = Staples(GaugeGroup.SU3, [4, 2], 2, 0.3, order: 1),
        ["staple SU3 4D, first order"] = Staples(GaugeGroup.SU3, [2, 2, 2, 2], 1, 0.1, order: 1),
        ["staple SU3, network, first order"] = Staples(GaugeGroup.SU3, [4, 4], 1, 0.2, [5], order: 1),
        ["defect U1"] = Defect(GaugeGroup.U1, [4, 6], new(1, 2), -1, 2, 0.3),
        ["defect SU2 3D"] = Defect(GaugeGroup.SU2, [2, 4, 4], new(0, 3), 0, 1, 0.2),
        ["defect SU3"] = Defect(GaugeGroup.SU3, [4, 4], new(0, 1), 1, 2, 0.3),
        ["defect U1 4D"] = Defect(GaugeGroup.U1, [2, 2, 2, 2], new(2, 1), -1, 1, 0.15),
        ["continuous U1"] = Continuous(GaugeGroup.U1, [4, 4], 3, 5e-4, 16, 48),
        ["continuous U1 3D"] = Continuous(GaugeGroup.U1, [3, 3, 3], 2, 5e-4, 16),
        ["continuous SU2"] = Continuous(GaugeGroup.SU2, [4, 4], 3, 5e-4, 16, 48),
        ["continuous SU2 3D"] = Continuous(GaugeGroup.SU2, [3, 3, 3], 2, 2e-3, 32),
        ["continuous SU3"] = Continuous(GaugeGroup.SU3, [4, 4], 3, 2e-4, 16),
        ["continuous SU4"] = Continuous(GaugeGroup.Named("SU4"), [3, 3], 2, 5e-4, 16),
        ["doubling U1"] = Doublings(GaugeGroup.U1, [[1, 1], [1, 0]], 0.5),
        ["doubling SU2"] = Doublings(GaugeGroup.SU2, [[1, 1], [1, 0]], 0.5),
        ["doubling SU3"] = Doublings(GaugeGroup.SU3, [[0.7, 1], [0, 1]], 0.5),
        ["doubling U1, half angle"] = Doublings(GaugeGroup.U1, [[1, 1], [1, 0]], 0.5, halfAngle: true),
        ["doubling SU2, half angle"] = Doublings(GaugeGroup.SU2, [[1, 1]], 0.5, halfAngle: true),
        ["doubling SU3, half angle"] = Doublings(GaugeGroup.SU3, [[1, 1]], 0.5, halfAngle: true),
        ["doubling SU4"] = Doublings(GaugeGroup.Named("SU4"), [[1, 1]], 0.5),
        ["affine"] = Affine([4, 6], 5, i => new(i, 2, [5, 8], 3, Activation.Silu)),
        ["affine, bounded shift"] = Affine([6, 2], 3, i => new(i, 2, [], 3, Activation.Tanh, BoundsShift: true)) with { Spread = 0.5 },
        ["affine, shape"] = Affine([4, 4], 5, i => new(i, 2, [6], 3, Activation.Silu, HasShape: true)),
        ["affine, cells"] = Affine([4, 6], 5, i => new(i, 2, [6], 3, Activation.Tanh, HasShape: true, Colours: SiteColours.Cells)),
        ["affine, cells 3D"] = Affine([4, 2, 2], 8, i => new(i, 3, [3], 3, Activation.Tanh, Colours: SiteColours.Cells)),
        ["affine 5x5"] = Affine([6, 8], 3, i => new(i, 2, [3], 5, Activation.Tanh)),
        ["affine 3D"] = Affine([4, 2, 4], 4, i => new(i, 3, [6], 3, Activation.Silu, HasShape: true, BoundsShift: true)),
        ["affine 4D"] = Affine([2, 4, 2, 2], 3, i => new(i, 4, [3], 3, Activation.Tanh, BoundsShift: true)),
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

    /// <summary>The cases in instruction sets where a field has gauge transformations.</summary>
    public static TheoryData<string, string> OfLinks
    {
        get
        {
            var data = new TheoryData<string, string>();
            foreach (string set in InstructionSets)
            {
                foreach (var (layer, one) in All)
                {
                    if (one.Space.Type is GaugeGroup) data.Add(set, layer);
                }
            }

            return data;
        }
    }

    /// <summary>The flow with random parameters; the prior is the field's own unless given.</summary>
    public FlowModel Model(ulong seed, IFlowPrior? prior = null) => Randomised(new FlowModel(Layers, prior ?? DefaultPrior.Of(Space.Type)), seed, Spread);

    /// <summary>An action of a field.</summary>
    public static IAction Action(FieldSpace space, double beta) => space.Type is GaugeGroup group ? new WilsonAction(space.Lattice, group, beta) : new Phi4Action(space.Lattice, -0.5 * beta, beta);

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

    /// <summary>Sweeps of staple couplings, or every so many steps of them.</summary>
    public static FlowCase Staples(GaugeGroup group, int[] extents, int sweeps, double spread, int[]? hidden = null, int every = 1, int order = 2) => new(
        new(group, new LatticeGeometry(extents)),
        [.. StapleCoupling.Layers(new(group, extents.Length, sweeps, 1, 1, order) { Hidden = hidden, KernelSize = 3, Activation = Activation.Tanh }).Where((_, index) => index % every == 0)],
        spread);

    /// <summary>Sweeps of staple couplings around a defect.</summary>
    public static FlowCase Defect(GaugeGroup group, int[] extents, BoundaryDefect defect, int margin, int sweeps, double spread) =>
        new(new(group, new LatticeGeometry(extents)), [.. StapleCoupling.Layers(new(group, extents.Length, sweeps, 1, 1, defect, margin))], spread, MovesAll: false);

    /// <summary>
    /// Some of the 64 steps of a continuous flow, with coefficients that move links as far as those of other cases do. What a method of third order leaves of ln|det| is of second order in the coefficients, where they change during the step,
    /// and of fourth order, where they do not: below 1e-6 at configurations from Haar measure, and where loops are ordered and terms add up, after extrapolation to steps of no length.
    /// </summary>
    /// <param name="group">The group.</param>
    /// <param name="extents">A small lattice.</param>
    /// <param name="plaquettes">The most plaquettes of a loop.</param>
    /// <param name="change">The largest coefficient, times the length of a step.</param>
    /// <param name="steps">The numbers of the steps.</param>
    public static FlowCase Continuous(GaugeGroup group, int[] extents, int plaquettes, double change, params int[] steps)
    {
        var schedule = new ContinuousSchedule(group, extents.Length, StepsOfContinuous, plaquettes, new TimeSplines(3, 2), 0, 3);
        return new(new(group, new LatticeGeometry(extents)), [.. steps.Select(step => new ContinuousStep(schedule, step))], change * StepsOfContinuous, IsCoupling: false, LogDetTolerance: 1e-6);
    }

    /// <summary>One doubling of two directions.</summary>
    public static FlowCase Doublings(GaugeGroup group, double[][] weights, double spread, bool halfAngle = false) => new(
        new(group, new LatticeGeometry(2, 2)),
        [.. Doubling.Layers(2, 1, mask => Doubling.SpectralMaps(group, 2, mask, weights, new(4, 2, 2, [6], 1, Activation.Silu, !halfAngle, halfAngle)))],
        spread);

    /// <summary>Affine couplings of a scalar.</summary>
    public static FlowCase Affine(int[] extents, int count, Func<int, AffineCoupling> layer) =>
        new(new(FieldType.Scalar, new LatticeGeometry(extents)), [.. Enumerable.Range(0, count).Select(layer)]);

    /// <summary>Plaquette couplings of U(1).</summary>
    public static FlowCase Plaquettes(Func<int, PlaquetteCoupling> layer, int count = StripeMask.Cycle + 1) =>
        new(new(GaugeGroup.U1, new LatticeGeometry(4, 8)), [.. Enumerable.Range(0, count).Select(layer)]);
}
