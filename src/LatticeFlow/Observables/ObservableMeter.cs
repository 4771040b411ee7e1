using LatticeFlow.Compute;
using LatticeFlow.Groups;
using LatticeFlow.Kernels.Lanes;
using LatticeFlow.Lattice;

namespace LatticeFlow.Observables;

/// <summary>A list of observables of one batch, measured by one kernel program.</summary>
public sealed class ObservableMeter<T> : IDisposable
    where T : unmanaged, IReal64<T>
{
    private readonly Dictionary<string, (IObservableSteps<T> Steps, SumField Sums, ReplicaSums OfReplicas, double[] Host)> meters = [];

    /// <summary>Ready to measure the links of a batch.</summary>
    /// <exception cref="ArgumentException">Two observables have one name.</exception>
    public ObservableMeter(ComputeDevice device, StencilTables stencil, GaugeGroup group, Field<T> links, IReadOnlyList<IFieldObservable> observables)
    {
        var layout = stencil.Layout;
        Program = new KernelProgram(layout.Shape);
        foreach (var observable in observables)
        {
            var steps = observable.Bind<T>(device, stencil, group);
            var sums = device.NewSums<T>(layout.Shape, steps.Sums);
            if (!meters.TryAdd(observable.Name, (steps, sums, new ReplicaSums(layout, sums), new double[layout.Replicas * steps.Sums])))
                throw new ArgumentException($"observable '{observable.Name}' is listed twice.", nameof(observables));
            steps.AddMeasure(Program, links, sums);
        }
    }

    /// <summary>Measures all observables.</summary>
    public KernelProgram Program { get; }

    /// <summary>The values of an observable after the program has run, <c>[replica][component]</c>.</summary>
    public void Read(IFieldObservable observable, Span<double> values)
    {
        var (steps, _, ofReplicas, host) = meters[observable.Name];
        ofReplicas.Read(host);
        int components = observable.Components();
        int replicas = host.Length / steps.Sums;
        for (int replica = 0; replica < replicas; replica++)
            steps.Finish(host.AsSpan(replica * steps.Sums, steps.Sums), values.Slice(replica * components, components));
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var (steps, sums, _, _) in meters.Values)
        {
            steps.Dispose();
            sums.Dispose();
        }
    }
}
