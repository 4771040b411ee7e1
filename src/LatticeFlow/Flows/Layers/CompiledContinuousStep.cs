using LatticeFlow.Compute;
using LatticeFlow.Kernels.Fields;
using LatticeFlow.Kernels.Flows;
using LatticeFlow.Kernels.Groups;
using LatticeFlow.Kernels.Lanes;

namespace LatticeFlow.Flows;

/// <summary>A <see cref="ContinuousStep"/> as kernels.</summary>
/// <remarks>
/// Back: by what the way forward kept, the links and exponents of every stage; the adjoint is that of the step, not of the differential equation. The inverse and the way of ∂ log q forward, which an unmasked step does not give in closed
/// form, are iterations that shrink errors by ‖f′ − 1‖, a tenth or two, every time: a fixed number of them, as a program cannot end early. An inverse that they have not found has the density NaN.
/// </remarks>
internal sealed class CompiledContinuousStep<TLink, T> : ICompiledLayer
    where TLink : unmanaged, ILink<TLink, T>
    where T : unmanaged, IReal<T>
{
    private readonly ContinuousSchedule schedule;
    private readonly ContinuousStep layer;
    private readonly LayerContext<T> context;
    private readonly Stage[] stages;
    private readonly PathOperands<T> paths;
    private readonly PotentialOperands<T> potential;
    private readonly LetterOperands<T> letters;
    private readonly Field<T> laplacians;
    private readonly Field<T> exponents;
    private readonly Field<T> linkTangents;
    private readonly Field<T> exponentCotangents;
    private readonly Field<T> linkGradients;
    private readonly Field<T> images;
    private readonly Field<T> guesses;
    private readonly Field<T> residuals;
    private readonly Field<T> wanted;
    private readonly Field<T> found;
    private readonly Field<T> totals;
    private readonly Field<T> gradient;
    private readonly IndexTable laplacianStarts;
    private readonly IndexTable laplacianMonomials;
    private readonly int firstParameter;
    private readonly int sites;
    private readonly int links;
    private readonly int letterCount;

    public CompiledContinuousStep(ContinuousStep layer, LayerContext<T> context)
    {
        this.layer = layer;
        this.context = context;
        schedule = layer.Schedule;
        firstParameter = context.FirstParameter;
        var lattice = context.Space.Lattice;
        var tables = schedule.Tables;
        sites = lattice.Volume;
        links = lattice.Links;
        letterCount = tables.Letters.Count;
        int entries = sites * tables.Letters.Sum(letter => schedule.Potential.Letters.Paths[letter].Length), terms = schedule.Potential.Terms, monomials = schedule.Potential.AllMonomials.Count;
        int slots = PotentialOperands<T>.SlotsOf(letterCount, tables.Nodes.Count / 2), pairs = 4 * (tables.Traces.Count / 2);
        bool atOnce = context.Device.IsGpu;
        var work = context.Work(Math.Max(LetterGradients<TLink, T>.Slots, Math.Max(IntegratorStageVjp<TLink, T>.Slots, LinkHessian<TLink, T>.Slots)) * TLink.WorkElements).View;
        var pathTables = new LetterTables(schedule, lattice);
        int algebra = sites * letterCount * TLink.Generators;
        Field<T> gradients = context.Scratch(algebra), tangents = context.Scratch(algebra), gradientTangents = context.Scratch(algebra), values = context.Scratch(sites * letterCount * TLink.Components);
        exponents = context.Scratch(context.Space.Tangents);
        linkTangents = context.Scratch(context.Space.Tangents);
        exponentCotangents = context.Scratch(context.Space.Tangents);
        linkGradients = context.Scratch(context.Space.Tangents);
        wanted = context.Scratch(context.Space.Tangents);
        found = context.Scratch(context.Space.Tangents);
        images = context.Scratch(context.Space.Numbers);
        guesses = context.Scratch(context.Space.Numbers);
        residuals = context.Scratch(links);
        totals = context.Scratch(terms + monomials);
        gradient = context.LaneGradient(schedule.Parameters);
        laplacianStarts = context.Table([.. Starts(schedule.Potential.Laplacians.Select(row => row.Count))]);
        laplacianMonomials = context.Table([.. schedule.Potential.Laplacians.SelectMany(row => row.Select(entry => entry.Monomial))]);
        double[] coefficients = [.. schedule.Potential.Laplacians.SelectMany(row => row.Select(entry => entry.Coefficient))];
        laplacians = context.Device.NewShared<T>(coefficients.Length);
        laplacians.WriteShared(coefficients);
        paths = new PathOperands<T>
        {
            Links = context.Values.View,
            Values = values.View,
            Starts = context.Table(pathTables.Starts).View,
            Entries = context.Table(pathTables.Entries).View,
            Work = work,
        };
        letters = new LetterOperands<T>
        {
            Links = context.Values.View,
            LinkTangents = linkTangents.View,
            Tangents = tangents.View,
            Gradients = gradients.View,
            GradientTangents = gradientTangents.View,
            Steps = context.Scratch(entries * TLink.Generators).View,
            StepTangents = context.Scratch(entries * TLink.Generators).View,
            Starts = paths.Starts,
            Entries = paths.Entries,
            FirstUses = context.Table(pathTables.FirstUses).View,
            Uses = context.Table(pathTables.Uses).View,
            Work = work,
        };
        potential = new PotentialOperands<T>
        {
            Letters = values.View,
            Gradients = gradients.View,
            Tangents = tangents.View,
            GradientTangents = gradientTangents.View,
            Divergences = context.Scratch(sites).View,
            Sums = context.Scratch(sites * (terms + monomials)).View,
            Slots = (atOnce ? context.Scratch(sites * slots * TLink.MatrixComponents) : context.Work(slots * TLink.MatrixComponents)).View,
            Traces = (atOnce ? context.Scratch(sites * pairs * 2) : context.Work((pairs * 2) + 1)).View,
            ReplicaWeight = context.Weight.View,
            Nodes = context.Table([.. tables.Nodes]).View,
            TraceSlots = context.Table([.. tables.Traces]).View,
            Monomials = context.Table([.. tables.Monomials]).View,
            TermOf = context.Table([.. schedule.Potential.TermOf]).View,
            LetterCount = letterCount,
            NodeCount = tables.Nodes.Count / 2,
            TraceCount = tables.Traces.Count / 2,
            MonomialCount = monomials,
            TermMonomials = schedule.Potential.TermOf.Count,
            Terms = terms,
            SlotStride = atOnce ? slots : 0,
            TraceStride = atOnce ? pairs : 0,
        };
        stages = [.. Enumerable.Range(0, schedule.Method.Step.Count).Select(stage => new Stage(schedule, layer.Step, stage, context))];
    }

    // Errors shrink tenfold, at worst fivefold, every time.
    private static int Iterations => T.IsDouble ? 20 : 9;

    // ‖U′ − f(V)‖² of a link: rounding of some hundred products.
    private static double ResidualLimit => T.IsDouble ? 1e-24 : 1e-8;

    public void Load(ReadOnlySpan<double> parameters)
    {
        foreach (var stage in stages) stage.Load(schedule, parameters);
    }

    public void AddForward(KernelProgram program) => AddStages(program, keeps: context.GoesBack, density: true);

    public void AddPathForward(KernelProgram program, bool score = false)
    {
        Copy(program, context.Cotangents, wanted, context.Space.Tangents);
        Copy(program, context.Cotangents, found, context.Space.Tangents);
        AddStages(program, keeps: true, density: true);
        for (int iteration = 0; iteration < Iterations; iteration++)
        {
            AddVjp(program, 1, wantsGradient: false, score: false);
            program.Add(new CotangentStep<T>(context.Cotangents.View, wanted.View, found.View), context.Space.Tangents);
        }

        if (!score) return;
        AddVjp(program, 1, wantsGradient: true, score: true);
        Copy(program, found, context.Cotangents, context.Space.Tangents);
    }

    public void AddInverse(KernelProgram program)
    {
        Copy(program, context.Values, images, context.Space.Numbers);
        Copy(program, context.Values, guesses, context.Space.Numbers);
        for (int iteration = 0; iteration <= Iterations; iteration++)
        {
            bool last = iteration == Iterations;
            AddStages(program, keeps: false, density: last);
            program.Add(new StepInverse<TLink, T>(letters, images.View, guesses.View, residuals.View, last ? 0 : 1), links);
        }

        program.Add(new RequireFound<T>(residuals.View, context.Totals.View, FlowTotals.LogDensity, links, ResidualLimit), 1);
    }

    public void AddBackward(KernelProgram program, double logDetCotangent)
    {
        AddVjp(program, logDetCotangent, context.WantsGradient, score: false);
        Copy(program, stages[0].KeptLinks, context.Values, context.Space.Numbers);
    }

    public void Dispose()
    {
        laplacians.Dispose();
        foreach (var stage in stages) stage.Dispose();
    }

    private static IEnumerable<int> Starts(IEnumerable<int> counts)
    {
        int start = 0;
        yield return start;
        foreach (int count in counts) yield return start += count;
    }

    private static void Copy(KernelProgram program, Field<T> from, Field<T> to, int numbers) => program.Add(new Copy<T> { Source = from.View, Target = to.View }, numbers);

    private void AddStages(KernelProgram program, bool keeps, bool density)
    {
        foreach (var stage in stages)
        {
            if (keeps) Copy(program, context.Values, stage.KeptLinks, context.Space.Numbers);
            program.Add(new OpenPaths<TLink, T>(paths), sites * letterCount);
            var operands = potential;
            operands.Coefficients = stage.Coefficients.View;
            operands.DensityWeight = density ? stage.Weight : 0;
            program.Add(new PotentialGradient<TLink, T>(operands), sites);
            program.Add(new LetterGradients<TLink, T>(letters, 0), sites * letterCount);
            program.Add(new IntegratorStage<TLink, T>(letters, exponents.View, stage.KeepFactor, stage.Length), links);
            if (keeps) Copy(program, exponents, stage.KeptExponents, context.Space.Tangents);
            if (operands.DensityWeight != 0) program.Add(new DensitySum<T>(potential.Divergences, context.Totals.View, FlowTotals.LogDensity, sites, -stage.Weight), 1);
        }
    }

    // From the cotangents at U′ to those at U, at what the way forward kept.
    private void AddVjp(KernelProgram program, double logDetCotangent, bool wantsGradient, bool score)
    {
        for (int k = stages.Length - 1; k >= 0; k--)
        {
            var stage = stages[k];
            var (own, way) = (letters, paths);
            own.Links = way.Links = stage.KeptLinks.View;
            var operands = potential;
            operands.Coefficients = stage.Coefficients.View;
            operands.DensityWeight = stage.Weight;
            operands.DensityCotangent = logDetCotangent;
            program.Add(
                new IntegratorStageVjp<TLink, T>(own, stage.KeptExponents.View, context.Cotangents.View, exponentCotangents.View, stage.KeepFactor, stage.Length, k == stages.Length - 1 ? 1 : 0), links);
            program.Add(new OpenPaths<TLink, T>(way), sites * letterCount);
            program.Add(new LetterTangents<TLink, T>(own), sites * letterCount);
            program.Add(new PotentialHessian<TLink, T>(operands, wantsGradient ? 1 : 0), sites);
            program.Add(new LetterGradients<TLink, T>(own, 1), sites * letterCount);
            program.Add(new LinkHessian<TLink, T>(own, context.Cotangents.View, linkGradients.View), links);
            if (!wantsGradient) continue;
            int count = operands.Terms + operands.MonomialCount;
            program.Add(new PotentialSums<T>(operands.Sums, totals.View, sites, count), count);
            program.Add(
                new PotentialParameters<T>(operands, totals.View, gradient.View, stage.SplineValues.View, laplacians.View, laplacianStarts.View, laplacianMonomials.View, schedule.Splines.Count), operands.Terms);
        }

        if (wantsGradient) context.AddGradient(program, gradient, firstParameter, schedule.Parameters, score);
    }

    /// <summary>What a stage of the step has of its own.</summary>
    private sealed class Stage : IDisposable
    {
        private readonly double time;
        private readonly Field<T>? keptLinks;
        private readonly Field<T>? keptExponents;

        public Stage(ContinuousSchedule schedule, int step, int stage, LayerContext<T> context)
        {
            time = schedule.Time(step, stage);
            KeepFactor = schedule.Method.Keep[stage];
            Length = schedule.Method.Step[stage] / schedule.Steps;
            Weight = schedule.Method.Weights[stage] / schedule.Steps;
            Coefficients = context.Device.NewShared<T>(schedule.Potential.TermOf.Count + schedule.Potential.AllMonomials.Count);
            SplineValues = context.Device.NewShared<T>(schedule.Splines.Count);
            SplineValues.WriteShared(schedule.Splines.At(time));
            if (!context.GoesBack) return;
            keptLinks = context.Keep(context.Space.Numbers);
            keptExponents = context.Keep(context.Space.Tangents);
        }

        public double KeepFactor { get; }

        public double Length { get; }

        public double Weight { get; }

        public Field<T> Coefficients { get; }

        public Field<T> SplineValues { get; }

        public Field<T> KeptLinks => keptLinks ?? throw new InvalidOperationException("this flow was compiled for the way forward only.");

        public Field<T> KeptExponents => keptExponents ?? throw new InvalidOperationException("this flow was compiled for the way forward only.");

        public void Load(ContinuousSchedule schedule, ReadOnlySpan<double> parameters)
        {
            double[] terms = schedule.CoefficientsAt(time, parameters);
            Coefficients.WriteShared([.. schedule.Potential.TermOf.Select(term => terms[term]), .. schedule.Potential.LaplacianOf(terms)]);
        }

        public void Dispose()
        {
            Coefficients.Dispose();
            SplineValues.Dispose();
        }
    }
}
