using LatticeFlow.Compute;
using LatticeFlow.Kernels.Lanes;
using LatticeFlow.Lattice;

namespace LatticeFlow.Observables;

/// <summary>A list of observables of one batch, measured by one kernel program.</summary>
public sealed class ObservableMeter<T> : IDisposable
    where T : unmanaged, IReal64<T>
{
    private readonly Dictionary<string, (IObservableSteps<T> Steps, SumField Sums, double[] Host)> meters = [];

    /// <summary>Ready to measure the links of a batch.</summary>
    /// <exception cref="ArgumentException">Two observables have one name.</exception>
    public ObservableMeter(ComputeDevice device, BatchShape shape, LatticeGeometry lattice, Field<T> links, IReadOnlyList<IFieldObservable> observables)
    {
        Program = new KernelProgram(shape);
        foreach (var observable in observables)
        {
            var steps = observable.Bind<T>(device, shape, lattice);
            var sums = device.NewSums<T>(shape, steps.Sums);
            if (!meters.TryAdd(observable.Name, (steps, sums, new double[shape.Replicas * steps.Sums])))
                throw new ArgumentException($"observable '{observable.Name}' is listed twice.", nameof(observables));
            steps.AddMeasure(Program, links, sums);
        }
    }

    /// <summary>Measures all observables.</summary>
    public KernelProgram Program { get; }

    /// <summary>The values of an observable after the program has run, <c>[replica][component]</c>.</summary>
    public void Read(IFieldObservable observable, Span<double> values)
    {
        var (steps, sums, host) = meters[observable.Name];
        sums.ReadReplicas(host);
        int components = observable.Components();
        int replicas = host.Length / steps.Sums;
        for (int replica = 0; replica < replicas; replica++)
            steps.Finish(host.AsSpan(replica * steps.Sums, steps.Sums), values.Slice(replica * components, components));
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var (steps, sums, _) in meters.Values)
        {
            steps.Dispose();
            sums.Dispose();
        }
    }
}
