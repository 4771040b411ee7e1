using LatticeFlow.Compute;
using LatticeFlow.Fields;
using LatticeFlow.Kernels.Fields;
using LatticeFlow.Kernels.Groups;
using LatticeFlow.Kernels.Lanes;
using LatticeFlow.Kernels.Memory;
using LatticeFlow.Kernels.Priors;
using LatticeFlow.Kernels.RandomNumbers;
using LatticeFlow.Lattice;

namespace LatticeFlow.Flows;

/// <summary>
/// The draws of <see cref="FreePlaquettePrior"/> of SU(N): independent plaquettes, links that have them with the last one free, a uniform translation, by which the free one may be anywhere, and a random
/// gauge transformation.
/// </summary>
internal sealed class GroupPlaquetteDraw<TLink, T> : ICompiledDraw
    where TLink : unmanaged, ILink<TLink, T>
    where T : unmanaged, IReal64<T>
{
    // Of the random elements: the two loops come before those of the gauge.
    private const int Given = 2;
    private readonly FieldSpace space;
    private readonly double concentration;
    private readonly double tightness;
    private readonly SumField target;
    private readonly IndexTable key;
    private readonly Field<T> elements;
    private readonly Field<T> gauge;
    private readonly Field<T> plaquettes;
    private readonly Field<T> exponents;
    private readonly Field<T> links;
    private readonly Field<T> moved;
    private readonly Field<T> flags;
    private readonly Field<T> work;
    private readonly IndexTable steps;
    private readonly IndexTable loops;
    private readonly IndexTable ends;
    private readonly IndexTable[] shifts;
    private readonly int stepCount;

    public GroupPlaquetteDraw(double concentration, ComputeDevice device, FieldSpace space, BatchShape shape, SumField target, IndexTable key)
    {
        (this.concentration, this.space, this.target, this.key) = (concentration, space, target, key);
        var lattice = space.Lattice;
        tightness = TLink.Order == 3 ? PlaquetteEnvelope.Tightness(concentration) : 0;
        int[] solution = PlaquetteSolution.Steps(lattice);
        stepCount = solution.Length / PlaquetteSolution.Step;
        elements = device.NewField<T>(shape, Given * TLink.Components, Scope.Scratch);
        gauge = device.NewField<T>(shape, lattice.Volume * TLink.Components, Scope.Scratch);
        plaquettes = device.NewField<T>(shape, lattice.Plaquettes * TLink.Components, Scope.Scratch);
        exponents = device.NewField<T>(shape, lattice.Plaquettes * TLink.Generators, Scope.Scratch);
        links = device.NewField<T>(shape, space.Numbers, Scope.Scratch);
        moved = device.NewField<T>(shape, space.Numbers, Scope.Scratch);
        work = device.NewField<T>(shape, Math.Max(1, Math.Max(TLink.ExponentialSlots, Math.Max(AssembleGroupPlaquettes<TLink, T>.Slots, GaugeTransform<TLink, T>.Slots)) * TLink.WorkElements), Scope.Work);
        steps = device.NewTable(solution);
        loops = device.NewTable(PlaquetteSolution.Loops(lattice));
        ends = device.NewTable(PlaquetteSolution.SitesOfLinks(lattice));
        shifts = [.. Enumerable.Range(0, 2).SelectMany(mu => Powers(lattice.Extents[mu]).Select(power => device.NewTable(Moved(lattice, mu, power))))];
        flags = device.NewField<T>(shape, Math.Max(1, shifts.Length), Scope.Scratch);
    }

    public void AddDraw(KernelProgram program, int purpose)
    {
        var lattice = space.Lattice;
        var streams = new Streams<T> { Key = key.View };

        // Kernels count items from 0, so that each needs a purpose of its own, or items beyond those of the others.
        int ownPurpose = purpose == Purpose.Training ? Purpose.TrainingPlaquettes : Purpose.PriorPlaquettes;
        int loopPurpose = purpose == Purpose.Training ? Purpose.TrainingLoops : Purpose.PriorLoops;
        program.Add(new HaarLinks<TLink, T> { Links = elements.View, Streams = streams, Dimensions = 1, Purpose = loopPurpose }, Given);
        program.Add(new HaarLinks<TLink, T> { Links = gauge.View, Streams = streams, Dimensions = 1, Purpose = purpose }, lattice.Volume);
        program.Add(
            new DrawGroupPlaquettes<TLink, T>
            {
                Plaquettes = plaquettes.View,
                Exponents = exponents.View,
                Work = work.View,
                Streams = streams,
                Concentration = concentration,
                Tightness = tightness,
                Purpose = ownPurpose,
            },
            lattice.Plaquettes);
        program.Add(
            new AssembleGroupPlaquettes<TLink, T>
            {
                Plaquettes = plaquettes.View,
                Given = elements.View,
                Links = links.View,
                Steps = steps.View,
                Loops = loops.View,
                LinkCount = lattice.Links,
                StepCount = stepCount,
                Work = work.View,
            },
            1);
        program.Add(new DrawShift<T> { Flags = flags.View, Streams = streams, Item = lattice.Plaquettes, Purpose = ownPurpose, Extent0 = lattice.Extents[0], Extent1 = lattice.Extents[1] }, 1);
        var (from, to) = (links, moved);
        for (int flag = 0; flag < shifts.Length; flag++)
        {
            program.Add(new ShiftNumbers<T> { Source = from.View, Target = to.View, Flags = flags.View, Flag = flag, Moved = shifts[flag].View }, space.Numbers);
            (from, to) = (to, from);
        }

        program.Add(new GaugeTransform<TLink, T> { Links = from.View, Gauge = gauge.View, Ends = ends.View, Work = work.View }, lattice.Links);
        program.Add(new ReunitariseLinks<TLink, T> { Links = from.View }, lattice.Links);
        program.Add(new StoreSums<T> { Source = from.View, Target = target.View }, space.Numbers);
    }

    public void Dispose()
    {
        foreach (var field in new[] { elements, gauge, plaquettes, exponents, links, moved, flags, work }) field.Dispose();
        foreach (var table in shifts.Concat([steps, loops, ends])) table.Dispose();
    }

    // As DrawShift takes a shift apart.
    private static IEnumerable<int> Powers(int extent)
    {
        int power = 1;
        while (2 * power < extent) power *= 2;
        for (; power > 0; power /= 2) yield return power;
    }

    // Where the numbers of a configuration come from that is moved by a distance.
    private static int[] Moved(LatticeGeometry lattice, int mu, int distance)
    {
        int[] table = new int[lattice.Links * TLink.Components];
        for (int site = 0; site < lattice.Volume; site++)
        {
            int from = lattice.Neighbour(site, mu, -distance);
            for (int nu = 0; nu < lattice.Dimensions; nu++)
            {
                for (int c = 0; c < TLink.Components; c++) table[(lattice.Link(site, nu) * TLink.Components) + c] = (lattice.Link(from, nu) * TLink.Components) + c;
            }
        }

        return table;
    }
}
