using System.Text.Json.Nodes;
using LatticeFlow.Compute;
using LatticeFlow.Exact;
using LatticeFlow.Kernels.Couplings;
using LatticeFlow.Kernels.Lanes;
using LatticeFlow.Kernels.Priors;
using LatticeFlow.Kernels.RandomNumbers;
using LatticeFlow.Lattice;

namespace LatticeFlow.Flows;

/// <summary>
/// Two-dimensional U(1) with one free plaquette: all plaquettes but one are independent with density ∝ e^{κ cos F}, the last is what the torus leaves
/// it, its place, both Polyakov loops and the gauge are uniform. Averaged over the place of the free one,
/// r = (1/V) Σ_x Π_{p≠x} e^{κ cos F_p}/I₀(κ).
/// </summary>
/// <remarks>
/// Under Haar measure V−1 plaquettes of a torus are independent and uniform (the character expansion of Migdal 1975 with every coefficient but the
/// trivial one zero), which gives the density. The prior is exact up to the one plaquette that closes the torus, so it holds every topological sector; the
/// flow has to spread the free plaquette's excess over the lattice. Gauge- and translation-invariant.
/// </remarks>
/// <param name="Concentration">κ, usually the theory's β.</param>
public sealed record FreePlaquettePrior(double Concentration) : IFlowPrior
{
    /// <inheritdoc/>
    public string? Refusal(LatticeGeometry lattice)
    {
        if (lattice.Dimensions != 2) return "the free-plaquette prior exists in 2 dimensions only";
        return lattice.Extents.Any(extent => extent < 2) ? "the free-plaquette prior wants extents of at least 2" : null;
    }

    /// <inheritdoc/>
    public JsonObject Describe() => new() { ["prior"] = "free-plaquette", ["concentration"] = Concentration };

    /// <inheritdoc/>
    public ICompiledPrior Compile<T, TDouble>(FlowWorkspace<T> workspace, IndexTable key)
        where T : unmanaged, IReal<T>
        where TDouble : unmanaged, IReal64<TDouble> => new Compiled<T, TDouble>(this, workspace, key);

    private sealed class Compiled<T, TDouble> : ICompiledPrior
        where T : unmanaged, IReal<T>
        where TDouble : unmanaged, IReal64<TDouble>
    {
        // Angles before those of the gauge: two loops and the choice of the free plaquette. A pair of angles is one item, so one is idle.
        private const int Choices = 4;
        private readonly FlowWorkspace<T> workspace;
        private readonly IndexTable key;
        private readonly SumField plaquettes;
        private readonly SumField angles;
        private readonly FreePlaquetteOperands<T> operands;
        private readonly double concentration;

        public Compiled(FreePlaquettePrior prior, FlowWorkspace<T> workspace, IndexTable key)
        {
            var lattice = workspace.Lattice;
            this.workspace = workspace;
            this.key = key;
            concentration = prior.Concentration;
            plaquettes = workspace.Device.NewSums<T>(workspace.Shape, lattice.Plaquettes);
            angles = workspace.Device.NewSums<T>(workspace.Shape, Choices + lattice.Volume);
            var onePlaquette = new OpenTwoDimensionalU1(concentration, 2, 2);
            double logBessel = onePlaquette.LogPartitionFunction / onePlaquette.Plaquettes;
            operands = new FreePlaquetteOperands<T>
            {
                Links = workspace.Links.View,
                Terms = workspace.Scratch("action terms", lattice.Plaquettes).View,
                Derivatives = workspace.Scratch("plaquette cotangent", lattice.Plaquettes).View,
                Sum = workspace.Scratch("prior sum", 2).View,
                Totals = workspace.Totals.View,
                PlaquetteLinks = workspace.PlaquetteLinks.View,
                PlaquetteCount = lattice.Plaquettes,
                Concentration = concentration,
                LogNormalisation = (-(lattice.Plaquettes - 1) * logBessel) - Math.Log(lattice.Plaquettes),
            };
        }

        public void AddDraw(KernelProgram program, int purpose)
        {
            var lattice = workspace.Lattice;
            int count = Choices + lattice.Volume;
            program.Add(new FillAngles<TDouble> { Target = angles.View, Key = key.View, Purpose = purpose, Elements = count }, (count + 1) / 2);

            // Both kernels count items from 0: the plaquettes need a purpose of their own.
            int ownPurpose = purpose == Purpose.Training ? Purpose.TrainingPlaquettes : Purpose.PriorPlaquettes;
            program.Add(
                new DrawPlaquettes<TDouble> { Plaquettes = plaquettes.View, Key = key.View, Concentration = concentration, Purpose = ownPurpose },
                lattice.Plaquettes);
            var steps = PlaquetteSolution.Steps(lattice);
            program.Add(
                new AssemblePlaquettes<TDouble>
                {
                    Plaquettes = plaquettes.View,
                    Angles = angles.View,
                    Links = workspace.Angles.View,
                    Steps = workspace.Table("plaquette solution", () => steps).View,
                    Loops = workspace.Table("plaquette loops", () => PlaquetteSolution.Loops(lattice)).View,
                    LinkCount = lattice.Links,
                    PlaquetteCount = lattice.Plaquettes,
                    StepCount = steps.Length / PlaquetteSolution.Step,
                },
                1);
            program.Add(
                new RandomGauge<TDouble>
                {
                    Links = workspace.Angles.View,
                    Angles = angles.View,
                    Sites = workspace.Table("sites of links", () => PlaquetteSolution.SitesOfLinks(lattice)).View,
                    FirstAngle = Choices,
                },
                lattice.Links);
        }

        public void AddDensity(KernelProgram program, bool gradient)
        {
            var lattice = workspace.Lattice;
            program.Add(new FreePlaquetteTerms<T>(operands), lattice.Plaquettes);
            program.Add(new FreePlaquetteTotal<T>(operands), 1);
            if (!gradient) return;
            program.Add(new FreePlaquetteGradient<T>(operands), lattice.Plaquettes);
            program.Add(
                new LinkCotangent<T>(workspace.LinkCotangent.View, operands.Derivatives, workspace.PlaquettesOfLinks.View, 2, 1, add: true),
                lattice.Links);
        }

        public void Dispose()
        {
            plaquettes.Dispose();
            angles.Dispose();
        }
    }
}
