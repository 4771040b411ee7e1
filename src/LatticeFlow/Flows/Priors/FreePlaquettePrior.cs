using System.Text.Json.Nodes;
using LatticeFlow.Compute;
using LatticeFlow.Exact;
using LatticeFlow.Fields;
using LatticeFlow.Groups;
using LatticeFlow.Kernels.Flows;
using LatticeFlow.Kernels.Groups;
using LatticeFlow.Kernels.Lanes;
using LatticeFlow.Kernels.Priors;
using LatticeFlow.Kernels.RandomNumbers;
using LatticeFlow.Lattice;

namespace LatticeFlow.Flows;

/// <summary>
/// Two dimensions with one free plaquette: all plaquettes but one are independent with density ∝ e^{(κ/N) Re tr P}, of U(1) e^{κ cos F}, the last is what the torus leaves it, its place, both Polyakov
/// loops and the gauge are uniform. Averaged over the place of the free one, r = (1/V) Σ_x Π_{p≠x} e^{(κ/N) Re tr P_p}/b₀(κ), b₀ = ∫ dU e^{(κ/N) Re tr U}; I₀(κ) of U(1). For U(1), SU(2) and SU(3).
/// </summary>
/// <remarks>
/// Under Haar measure V−1 plaquettes of a torus are independent and uniform (the character expansion of Migdal 1975 with every coefficient but the
/// trivial one zero), which gives the density. The prior is exact up to the one plaquette that closes the torus, so it holds every topological sector; the
/// flow has to spread the free plaquette's excess over the lattice. Gauge- and translation-invariant. Of SU(N): with the links of a tree 1, each other link but two closes one plaquette and no other that
/// is not closed yet, U = A P^{±1} B with A and B known, which preserves Haar measure; so V − 1 plaquettes, the two links left and the gauge are independent and uniform under it, whichever plaquette is
/// the last. That one depends on the commutator of the loops, which no factor of r asks for. Draws are exact: <see cref="Kernels.Priors.DrawGroupPlaquettes{TLink, T}"/>.
/// </remarks>
/// <param name="Concentration">κ, usually the theory's β.</param>
public sealed record FreePlaquettePrior(double Concentration) : IFlowPrior
{
    private const int LargestOrder = 3;

    /// <inheritdoc/>
    public string? Refusal(FieldSpace space)
    {
        if (space.Type is not GaugeGroup { Order: <= LargestOrder } group)
        {
            return $"the free-plaquette prior exists for {GaugeGroup.U1.Description}, {GaugeGroup.SU2} and {GaugeGroup.SU3}, not for {space.Type.Description}: use \"{(space.Type is GaugeGroup ? "haar" : "normal")}\"";
        }

        if (space.Lattice.Dimensions != 2) return "the free-plaquette prior exists in 2 dimensions only: use \"haar\"";
        if (group.Order > 1 && Concentration > TwoDimensionalSUN.LargestBeta(group.Order))
            return FormattableString.Invariant($"the free-plaquette prior of {group} wants a beta of at most {TwoDimensionalSUN.LargestBeta(group.Order)}, not {Concentration}");
        return space.Lattice.Extents.Any(extent => extent < 2) ? "the free-plaquette prior wants extents of at least 2" : null;
    }

    /// <inheritdoc/>
    public JsonObject Describe() => new() { ["prior"] = "free-plaquette", ["concentration"] = Concentration };

    /// <inheritdoc/>
    public ICompiledPrior Compile<T>(LayerContext<T> context)
        where T : unmanaged, IReal<T> => context.Space.Type == GaugeGroup.U1
            ? new Density<T>(Concentration, context)
            : GaugeGroup.Of(context.Space.Type, "the free-plaquette prior").Use(context.Device, new DensityOfLinks<T>(Concentration, context));

    /// <inheritdoc/>
    public ICompiledDraw CompileDraw<T>(ComputeDevice device, FieldSpace space, BatchShape shape, SumField target, IndexTable key)
        where T : unmanaged, IReal64<T> => space.Type == GaugeGroup.U1
            ? new Drawn<T>(Concentration, device, space.Lattice, shape, target, key)
            : GaugeGroup.Of(space.Type, "the free-plaquette prior").Use(device, new DrawnLinks<T>(Concentration, device, space, shape, target, key));

    private sealed record DensityOfLinks<T>(double Concentration, LayerContext<T> Context) : ILinkUser<T, ICompiledPrior>
        where T : unmanaged, IReal<T>
    {
        public ICompiledPrior Use<TLink>()
            where TLink : unmanaged, ILink<TLink, T> => new GroupPlaquetteDensity<TLink, T>(Concentration, Context);
    }

    private sealed record DrawnLinks<T>(double Concentration, ComputeDevice Device, FieldSpace Space, BatchShape Shape, SumField Target, IndexTable Key) : ILinkUser<T, ICompiledDraw>
        where T : unmanaged, IReal64<T>
    {
        public ICompiledDraw Use<TLink>()
            where TLink : unmanaged, ILink<TLink, T> => new GroupPlaquetteDraw<TLink, T>(Concentration, Device, Space, Shape, Target, Key);
    }

    private sealed class Density<T> : ICompiledPrior
        where T : unmanaged, IReal<T>
    {
        private readonly FreePlaquetteOperands<T> operands;
        private readonly LinkCotangent<T> toLinks;
        private readonly int links;

        public Density(double concentration, LayerContext<T> context)
        {
            var lattice = context.Space.Lattice;
            var onePlaquette = new OpenTwoDimensionalU1(concentration, 2, 2);
            double logBessel = onePlaquette.LogPartitionFunction / onePlaquette.Plaquettes;
            operands = new FreePlaquetteOperands<T>
            {
                Links = context.Values.View,
                Terms = context.Scratch(lattice.Plaquettes).View,
                Derivatives = context.Scratch(lattice.Plaquettes).View,
                Sum = context.Scratch(2).View,
                Totals = context.Totals.View,
                PlaquetteLinks = context.Table(PlaquetteTable.Links(lattice)).View,
                PlaquetteCount = lattice.Plaquettes,
                Concentration = concentration,
                LogNormalisation = (-(lattice.Plaquettes - 1) * logBessel) - Math.Log(lattice.Plaquettes),
            };
            links = lattice.Links;
            toLinks = new(context.Cotangents.View, operands.Derivatives, context.Table(PlaquetteTable.OfLinks(lattice)).View, 2, 1, add: true);
        }

        public void AddDensity(KernelProgram program, bool gradient)
        {
            program.Add(new FreePlaquetteTerms<T>(operands), operands.PlaquetteCount);
            program.Add(new FreePlaquetteTotal<T>(operands), 1);
            if (!gradient) return;
            program.Add(new FreePlaquetteGradient<T>(operands), operands.PlaquetteCount);
            program.Add(toLinks, links);
        }

        public void Dispose()
        {
            // All fields are the context's.
        }
    }

    private sealed class Drawn<T>(double concentration, ComputeDevice device, LatticeGeometry lattice, BatchShape shape, SumField target, IndexTable key) : ICompiledDraw
        where T : unmanaged, IReal64<T>
    {
        // Angles before those of the gauge: two loops and the choice of the free plaquette. A pair of angles is one item, so one is idle.
        private const int Choices = 4;
        private readonly SumField plaquettes = device.NewSums<T>(shape, lattice.Plaquettes);
        private readonly SumField angles = device.NewSums<T>(shape, Choices + lattice.Volume);
        private readonly int[] steps = PlaquetteSolution.Steps(lattice);
        private readonly IndexTable solution = device.NewTable(PlaquetteSolution.Steps(lattice));
        private readonly IndexTable loops = device.NewTable(PlaquetteSolution.Loops(lattice));
        private readonly IndexTable sites = device.NewTable(PlaquetteSolution.SitesOfLinks(lattice));

        public void AddDraw(KernelProgram program, int purpose)
        {
            int count = Choices + lattice.Volume;
            program.Add(new FillAngles<T> { Target = angles.View, Key = key.View, Purpose = purpose, Elements = count }, (count + 1) / 2);

            // Both kernels count items from 0: the plaquettes need a purpose of their own.
            int ownPurpose = purpose == Purpose.Training ? Purpose.TrainingPlaquettes : Purpose.PriorPlaquettes;
            program.Add(new DrawPlaquettes<T> { Plaquettes = plaquettes.View, Key = key.View, Concentration = concentration, Purpose = ownPurpose }, lattice.Plaquettes);
            program.Add(
                new AssemblePlaquettes<T>
                {
                    Plaquettes = plaquettes.View,
                    Angles = angles.View,
                    Links = target.View,
                    Steps = solution.View,
                    Loops = loops.View,
                    LinkCount = lattice.Links,
                    PlaquetteCount = lattice.Plaquettes,
                    StepCount = steps.Length / PlaquetteSolution.Step,
                },
                1);
            program.Add(new RandomGauge<T> { Links = target.View, Angles = angles.View, Sites = sites.View, FirstAngle = Choices }, lattice.Links);
        }

        public void Dispose()
        {
            plaquettes.Dispose();
            angles.Dispose();
            solution.Dispose();
            loops.Dispose();
            sites.Dispose();
        }
    }
}
