using LatticeFlow.Compute;
using LatticeFlow.Fields;
using LatticeFlow.Groups;
using LatticeFlow.Lattice;
using LatticeFlow.Observables;
using LatticeFlow.Smearing;

namespace LatticeFlow.Tests;

/// <summary>Measures and smears links of any group, with lanes that are replicas or sub-lattices.</summary>
internal static class FieldBench
{
    /// <summary>The values of each observable. Of replicas in lanes there are three, and the last is measured.</summary>
    public static double[][] Measure(MatrixField field, IReadOnlyList<IFieldObservable> observables, bool split = false, bool inPlace = false)
    {
        using var device = CpuDevices.Best();
        return device.Use(Precision.Double, new Meter(field, observables, split, inPlace));
    }

    /// <summary>The same by names.</summary>
    public static double[][] Measure(MatrixField field, bool split, params string[] names) =>
        Measure(field, [.. names.Select(name => ObservableRegistry.Create(name, field.Lattice, field.Group))], split);

    /// <summary>The links after so many steps of a smearing.</summary>
    public static MatrixField Smear(MatrixField field, LinkSmearing smearing, int steps)
    {
        using var device = CpuDevices.Best();
        return MatrixField.Of(field.Lattice, field.Group, device.Use(Precision.Double, new Smoother(field, smearing, steps)));
    }

    private sealed class Meter(MatrixField field, IReadOnlyList<IFieldObservable> observables, bool split, bool inPlace) : DoubleLaneUser<double[][]>
    {
        protected override double[][] Use<T>(ComputeDevice device)
        {
            var layout = (split ? LatticeLayout.OfSubLattices<T>(device, field.Lattice, 1) : LatticeLayout.OfReplicas<T>(device, field.Lattice, 3))
                ?? throw new InvalidOperationException($"{field.Lattice} cannot be cut into {T.Width}.");
            using var stencil = new StencilTables(device, layout);
            using var links = new ConfigurationField<T>(device, layout, field.Group);
            var numbers = field.Numbers;
            double[] all = split ? numbers : [.. MatrixField.Random(field.Lattice, field.Group, 77, 0.3).Numbers, .. MatrixField.Random(field.Lattice, field.Group, 78, 0.3).Numbers, .. numbers];
            using var meter = new ObservableMeter<T>(device, stencil, field.Group, links.Field, observables, inPlace);
            foreach (var pass in meter.Passes)
            {
                // In parts and as a whole it is the same.
                if (inPlace) links.Write(layout.Replicas, (replica, first, part) => all.AsSpan((replica * links.Length) + first, part.Length).CopyTo(part));
                else links.Write(all);
                device.Run(pass.Program);
            }

            return [.. observables.Select(observable =>
            {
                var values = new double[layout.Replicas * observable.Components()];
                meter.Read(observable, values);
                return values[^observable.Components()..];
            })];
        }
    }

    private sealed class Smoother(MatrixField field, LinkSmearing smearing, int steps) : DoubleLaneUser<double[]>
    {
        protected override double[] Use<T>(ComputeDevice device)
        {
            var layout = LatticeLayout.Best<T>(device, field.Lattice, 1);
            using var stencil = new StencilTables(device, layout);
            using var links = new ConfigurationField<T>(device, layout, field.Group);
            links.Write(field.Numbers);
            using var smoother = new LinkSmoother<T>(device, stencil, field.Group, links, smearing, steps);
            smoother.Run();
            var numbers = field.Numbers;
            links.Read(numbers);
            return numbers;
        }
    }
}
