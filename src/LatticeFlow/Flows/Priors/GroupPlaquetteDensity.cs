using LatticeFlow.Compute;
using LatticeFlow.Exact;
using LatticeFlow.Groups;
using LatticeFlow.Kernels.Groups;
using LatticeFlow.Kernels.Lanes;
using LatticeFlow.Kernels.Priors;
using LatticeFlow.Lattice;

namespace LatticeFlow.Flows;

/// <summary>The density of <see cref="FreePlaquettePrior"/> of SU(N) as kernels.</summary>
internal sealed class GroupPlaquetteDensity<TLink, T> : ICompiledPrior
    where TLink : unmanaged, ILink<TLink, T>
    where T : unmanaged, IReal<T>
{
    private readonly FreePlaquetteOperands<T> operands;
    private readonly GroupPlaquetteTerms<TLink, T> terms;
    private readonly GroupPlaquetteCotangents<TLink, T> cotangents;
    private readonly int links;

    public GroupPlaquetteDensity(double concentration, LayerContext<T> context)
    {
        var lattice = context.Space.Lattice;
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
            LogNormalisation = (-(lattice.Plaquettes - 1) * CharacterCoefficients.Of(TLink.Order, concentration, 2).LogTrivial) - Math.Log(lattice.Plaquettes),
        };
        links = lattice.Links;
        var work = context.Work(Math.Max(GroupPlaquetteTerms<TLink, T>.Slots, GroupPlaquetteCotangents<TLink, T>.Slots) * TLink.WorkElements).View;
        terms = new(operands, work);
        cotangents = new()
        {
            Links = context.Values.View,
            Derivatives = operands.Derivatives,
            Cotangents = context.Cotangents.View,
            Loops = context.Table(Loops(lattice)).View,
            Work = work,
        };
    }

    public void AddDensity(KernelProgram program, bool gradient)
    {
        program.Add(terms, operands.PlaquetteCount);
        program.Add(new FreePlaquetteTotal<T>(operands), 1);
        if (!gradient) return;
        program.Add(new FreePlaquetteGradient<T>(operands), operands.PlaquetteCount);
        program.Add(cotangents, links);
    }

    public void Dispose()
    {
        // All fields are the context's.
    }

    // Around each plaquette of a link, from the link on.
    private static int[] Loops(LatticeGeometry lattice)
    {
        var ofPlaquettes = PlaquetteTable.Links(lattice);
        List<int> table = [];
        for (int link = 0; link < lattice.Links; link++)
        {
            for (int p = 0; p < lattice.Plaquettes; p++)
            {
                int u(int k) => ofPlaquettes[(4 * p) + k];
                if (u(0) == link) table.AddRange([p, u(1), -1 - u(2), -1 - u(3)]);
                if (u(1) == link) table.AddRange([p, -1 - u(2), -1 - u(3), u(0)]);
                if (u(2) == link) table.AddRange([p, -1 - u(1), -1 - u(0), u(3)]);
                if (u(3) == link) table.AddRange([p, u(2), -1 - u(1), -1 - u(0)]);
            }
        }

        return [.. table];
    }
}
