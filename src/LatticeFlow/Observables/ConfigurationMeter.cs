using LatticeFlow.Compute;
using LatticeFlow.Fields;
using LatticeFlow.Kernels.Lanes;
using LatticeFlow.Lattice;

namespace LatticeFlow.Observables;

/// <summary>Observables of configurations in host memory.</summary>
public interface IConfigurationMeter : IDisposable
{
    /// <summary>The most configurations of one call.</summary>
    int Capacity { get; }

    /// <summary>Measures <paramref name="configurations"/>, <c>[n][element][component]</c>, of which there are at most <see cref="Capacity"/>.</summary>
    void Measure(ReadOnlySpan<double> configurations);

    /// <summary>Values of the last <see cref="Measure"/>, <c>[n][component]</c>.</summary>
    void Read(IFieldObservable observable, Span<double> values);
}

/// <summary>Makes meters for callers that know no lane type.</summary>
public static class ConfigurationMeter
{
    /// <summary>A meter of up to <paramref name="capacity"/> configurations a call.</summary>
    /// <exception cref="ArgumentException">Two observables have one name, or one is not of such fields.</exception>
    public static IConfigurationMeter Create(ComputeDevice device, FieldSpace space, IReadOnlyList<IFieldObservable> observables, int capacity) =>
        device.Use(Precision.Double, new Factory(space, observables, capacity));

    private sealed record Factory(FieldSpace Space, IReadOnlyList<IFieldObservable> Observables, int Capacity) : ILaneUser<IConfigurationMeter>
    {
        public IConfigurationMeter Use<T, TDouble>(ComputeDevice device)
            where T : unmanaged, IReal<T>
            where TDouble : unmanaged, IReal64<TDouble> => new Meter<TDouble>(device, Space, Observables, Capacity);
    }

    private sealed class Meter<T> : IConfigurationMeter
        where T : unmanaged, IReal64<T>
    {
        private readonly ComputeDevice device;
        private readonly StencilTables stencil;
        private readonly ConfigurationField<T> field;
        private readonly ObservableMeter<T> meter;
        private readonly double[] all;
        private readonly double[] values;

        public Meter(ComputeDevice device, FieldSpace space, IReadOnlyList<IFieldObservable> observables, int capacity)
        {
            this.device = device;
            Capacity = capacity;
            var layout = LatticeLayout.OfReplicas<T>(device, space.Lattice, capacity);
            stencil = new StencilTables(device, layout);
            field = new ConfigurationField<T>(device, layout, space.Type);
            meter = new ObservableMeter<T>(device, stencil, space.Type, field.Field, observables);
            all = [.. Enumerable.Repeat(space.Start(), capacity).SelectMany(configuration => configuration)];
            values = new double[capacity * observables.Select(observable => observable.Components()).DefaultIfEmpty().Max()];
        }

        public int Capacity { get; }

        public void Measure(ReadOnlySpan<double> configurations)
        {
            // Lanes that are not asked for hold what they held before: any configuration will do.
            configurations.CopyTo(all);
            field.Write(all);
            device.Run(meter.Program);
        }

        public void Read(IFieldObservable observable, Span<double> target)
        {
            meter.Read(observable, values);
            values.AsSpan(0, target.Length).CopyTo(target);
        }

        public void Dispose()
        {
            meter.Dispose();
            field.Dispose();
            stencil.Dispose();
        }
    }
}
