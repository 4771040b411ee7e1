using LatticeFlow.Compute;
using LatticeFlow.Fields;
using LatticeFlow.Groups;
using LatticeFlow.Kernels.Lanes;
using LatticeFlow.Lattice;
using LatticeFlow.Smearing;

namespace LatticeFlow.Observables;

/// <summary>
/// A list of observables of one batch, measured by one kernel program, or by several where links are smeared in place: then no copy of the links is made, and the field has to be written again before each
/// program after the first that smears.
/// </summary>
public sealed class ObservableMeter<T> : IDisposable
    where T : unmanaged, IReal64<T>
{
    private readonly Dictionary<string, Meter> meters = [];
    private readonly List<IDisposable> smeared = [];
    private readonly List<MeterPass> passes = [];

    /// <summary>Ready to measure the configurations of a batch.</summary>
    /// <exception cref="ArgumentException">Two observables have one name.</exception>
    public ObservableMeter(ComputeDevice device, StencilTables stencil, FieldType type, Field<T> field, IReadOnlyList<IFieldObservable> observables, bool inPlace = false)
    {
        var layout = stencil.Layout;
        Program = new KernelProgram(layout.Shape);
        foreach (var observable in observables)
        {
            var steps = observable.Bind<T>(device, stencil, type);
            int numbers = steps.Sums * observable.SmearingSteps.Count;
            var sums = device.NewSums<T>(layout.Shape, numbers);
            var meter = new Meter(steps, sums, new ReplicaSums(layout, sums), new double[layout.Replicas * numbers]);
            if (!meters.TryAdd(observable.Name, meter)) throw new ArgumentException($"observable '{observable.Name}' is listed twice.", nameof(observables));
            if (observable.Smearing is null) steps.AddMeasure(Program, field, sums);
        }

        foreach (var family in observables.Where(observable => observable.Smearing is not null).GroupBy(observable => observable.Smearing!))
        {
            var group = GaugeGroup.Of(type, $"observable '{family.First().Name}'");
            if (inPlace)
            {
                var steps = family.Key.Bind(device, stencil, group, field);
                var program = new KernelProgram(layout.Shape);
                smeared.Add(steps);
                passes.Add(new(program, ChangesField: true));
                AddSmeared(program, field, steps.AddStep, [.. family]);
                continue;
            }

            var own = new SmearedLinks<T>(device, stencil, group, family.Key);
            smeared.Add(own);
            own.AddStart(Program, field);
            AddSmeared(Program, own.Field, own.AddStep, [.. family]);
        }

        if (Program.Steps.Count > 0) passes.Insert(0, new(Program, ChangesField: false));
    }

    /// <summary>Measures all observables; of links that are smeared in place only those that need no smearing.</summary>
    public KernelProgram Program { get; }

    /// <summary>The programs that together measure all observables, in the order in which they run.</summary>
    public IReadOnlyList<MeterPass> Passes => passes;

    /// <summary>The values of an observable after the program has run, <c>[replica][component]</c>.</summary>
    public void Read(IFieldObservable observable, Span<double> values)
    {
        var (steps, sums, ofReplicas, host) = meters[observable.Name];
        ofReplicas.Read(host);
        int components = observable.Components();
        int replicas = host.Length / sums.Elements;
        for (int replica = 0; replica < replicas; replica++)
            steps.Finish(host.AsSpan(replica * sums.Elements, sums.Elements), values.Slice(replica * components, components));
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var (steps, sums, _, _) in meters.Values)
        {
            steps.Dispose();
            sums.Dispose();
        }

        foreach (var links in smeared) links.Dispose();
    }

    /// <summary>The links are smeared once, and each observable is measured whenever its number of steps is reached.</summary>
    private void AddSmeared(KernelProgram program, Field<T> links, Action<KernelProgram, int> addStep, IReadOnlyList<IFieldObservable> observables)
    {
        int done = 0;
        foreach (int wanted in observables.SelectMany(observable => observable.SmearingSteps).Distinct().Order())
        {
            for (; done < wanted; done++) addStep(program, done);
            foreach (var observable in observables)
            {
                var (steps, sums, _, _) = meters[observable.Name];
                for (int i = 0; i < observable.SmearingSteps.Count; i++)
                {
                    if (observable.SmearingSteps[i] == wanted) steps.AddMeasure(program, links, sums, i * steps.Sums);
                }
            }
        }
    }

    private sealed record Meter(IObservableSteps<T> Steps, SumField Sums, ReplicaSums OfReplicas, double[] Host);
}

/// <summary>A program of an <see cref="ObservableMeter{T}"/>.</summary>
/// <param name="Program">What is run.</param>
/// <param name="ChangesField">Whether the links are smeared by it: they have to be written again before the next one.</param>
public sealed record MeterPass(KernelProgram Program, bool ChangesField);
