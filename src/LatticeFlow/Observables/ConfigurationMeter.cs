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

    /// <summary>Whether links are smeared in place.</summary>
    bool SmearsInPlace { get; }

    /// <summary>Measures <paramref name="configurations"/>, <c>[n][element][component]</c>, of which there are at most <see cref="Capacity"/>.</summary>
    void Measure(ReadOnlySpan<double> configurations);

    /// <summary>Measures <paramref name="count"/> configurations, at most <see cref="Capacity"/>, which are read in parts: once, and once more for each smearing after the first where links are smeared in place.</summary>
    void Measure(int count, FieldReader read);

    /// <summary>Values of the last measurement, <c>[n][component]</c>.</summary>
    void Read(IFieldObservable observable, Span<double> values);
}

/// <summary>Makes meters for callers that know no lane type.</summary>
public static class ConfigurationMeter
{
    /// <summary>A meter of up to <paramref name="capacity"/> configurations a call.</summary>
    /// <exception cref="ArgumentException">Two observables have one name, or one is not of such fields.</exception>
    public static IConfigurationMeter Create(ComputeDevice device, FieldSpace space, IReadOnlyList<IFieldObservable> observables, int capacity) =>
        device.Use(Precision.Double, new Factory(space, observables, capacity, null, IsStored: false));

    /// <summary>A meter of the configurations of all chains at once, in the layout <paramref name="chains"/>.</summary>
    /// <exception cref="ArgumentException">Two observables have one name, or one is not of such fields.</exception>
    public static IConfigurationMeter OfChains(ComputeDevice device, FieldSpace space, IReadOnlyList<IFieldObservable> observables, ChainLayout chains) =>
        device.Use(Precision.Double, new Factory(space, observables, chains.Replicas, chains, IsStored: false));

    /// <summary>
    /// A meter of stored configurations, up to <paramref name="most"/> at once: in the layout of the <paramref name="chain"/> that drew them (null: none is known) where that fits, so that values are bit for bit those that the
    /// chain would have measured; of large lattices one configuration at a time, with lanes as sub-lattices and no copy of the links.
    /// </summary>
    /// <exception cref="ArgumentException">Two observables have one name, or one is not of such fields.</exception>
    public static IConfigurationMeter OfStored(ComputeDevice device, FieldSpace space, IReadOnlyList<IFieldObservable> observables, ChainLayout? chain, int most) =>
        device.Use(Precision.Double, new Factory(space, observables, most, chain, IsStored: true));

    private sealed record Factory(FieldSpace Space, IReadOnlyList<IFieldObservable> Observables, int Capacity, ChainLayout? Chain, bool IsStored) : ILaneUser<IConfigurationMeter>
    {
        public IConfigurationMeter Use<T, TDouble>(ComputeDevice device)
            where T : unmanaged, IReal<T>
            where TDouble : unmanaged, IReal64<TDouble>
        {
            var (layout, inPlace) = IsStored ? MeterLayout.Of<TDouble>(device, Space, Chain, Capacity) : (Chain is { MayBeSplit: true } ? LatticeLayout.Best<TDouble>(device, Space.Lattice, Capacity, Chain.LeastExtent) : LatticeLayout.OfReplicas<TDouble>(device, Space.Lattice, Capacity), false);
            return new Meter<TDouble>(device, Space, Observables, layout, inPlace);
        }
    }

    private sealed class Meter<T> : IConfigurationMeter
        where T : unmanaged, IReal64<T>
    {
        private readonly ComputeDevice device;
        private readonly StencilTables stencil;
        private readonly ConfigurationField<T> field;
        private readonly ObservableMeter<T> meter;
        private readonly FieldSpace space;
        private readonly double[] values;

        // Lanes that are not asked for have to hold some configuration: at first a cold one, then what was measured before.
        private bool isFilled;

        public Meter(ComputeDevice device, FieldSpace space, IReadOnlyList<IFieldObservable> observables, LatticeLayout layout, bool inPlace)
        {
            this.device = device;
            this.space = space;
            Capacity = layout.Replicas;
            SmearsInPlace = inPlace;
            stencil = new StencilTables(device, layout);
            field = new ConfigurationField<T>(device, layout, space.Type);
            meter = new ObservableMeter<T>(device, stencil, space.Type, field.Field, observables, inPlace);
            values = new double[Capacity * observables.Select(observable => observable.Components()).DefaultIfEmpty().Max()];

            // What tables of large lattices were made of is garbage as large as they are, and would stand beside the links.
            if (inPlace) GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
        }

        public int Capacity { get; }

        public bool SmearsInPlace { get; }

        public void Measure(ReadOnlySpan<double> configurations)
        {
            int count = configurations.Length / space.Numbers;
            if (configurations.Length != count * space.Numbers) throw new ArgumentException($"{configurations.Length} numbers are no whole configurations of {space.Numbers}.", nameof(configurations));
            Fill(count);
            for (int pass = 0; pass < meter.Passes.Count; pass++)
            {
                if (pass == 0 || meter.Passes[pass - 1].ChangesField) field.Write(configurations);
                device.Run(meter.Passes[pass].Program);
            }
        }

        public void Measure(int count, FieldReader read)
        {
            ArgumentOutOfRangeException.ThrowIfGreaterThan(count, Capacity);
            Fill(count);
            for (int pass = 0; pass < meter.Passes.Count; pass++)
            {
                if (pass == 0 || meter.Passes[pass - 1].ChangesField) field.Write(count, read);
                device.Run(meter.Passes[pass].Program);
            }
        }

        private void Fill(int count)
        {
            if (isFilled) return;
            isFilled = true;
            if (count == Capacity) return;
            var start = space.Start();
            field.Write(Capacity, (_, first, numbers) => start.AsSpan(first, numbers.Length).CopyTo(numbers));
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
