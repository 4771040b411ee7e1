using LatticeFlow.Compute;
using LatticeFlow.Fields;
using LatticeFlow.Kernels.Lanes;
using LatticeFlow.Lattice;
using LatticeFlow.Smearing;

namespace LatticeFlow.Observables;

/// <summary>A function of the configuration of one replica, measured on the device. A plain description; <see cref="Bind{T}"/> makes its kernels ready.</summary>
public interface IFieldObservable
{
    /// <summary>The name of configuration files and of data sets, as <c>wilson_loop_2x3</c>.</summary>
    string Name { get; }

    /// <summary>Empty for a number; else the extents of the array that every replica has.</summary>
    IReadOnlyList<int> Shape { get; }

    /// <summary>What the links are smeared with before; null: they are measured as they are. Observables of equal smearings share its work.</summary>
    LinkSmearing? Smearing => null;

    /// <summary>After how many steps of the smearing the links are measured, in increasing order.</summary>
    IReadOnlyList<int> SmearingSteps => [0];

    /// <summary>The kernels for a batch.</summary>
    /// <exception cref="NotSupportedException">It is not defined for this field.</exception>
    IObservableSteps<T> Bind<T>(ComputeDevice device, StencilTables stencil, FieldType field)
        where T : unmanaged, IReal64<T>;
}

/// <summary>The kernels of an observable for one batch; holds its tables and partial sums.</summary>
public interface IObservableSteps<T> : IDisposable
    where T : unmanaged, IReal64<T>
{
    /// <summary>Numbers that the kernels sum up for each replica at one measurement.</summary>
    int Sums { get; }

    /// <summary>Appends a measurement: the sums of every replica, into elements <paramref name="element"/> … <paramref name="element"/> + Sums − 1.</summary>
    void AddMeasure(KernelProgram program, Field<T> field, SumField sums, int element = 0);

    /// <summary>Makes the values of one replica of the sums of all its measurements, one after the other.</summary>
    void Finish(ReadOnlySpan<double> sums, Span<double> values);
}

/// <summary>Facts that follow from an observable's description.</summary>
public static class FieldObservableExtensions
{
    /// <summary>Numbers of each replica: the product of the shape.</summary>
    public static int Components(this IFieldObservable observable) => observable.Shape.Aggregate(1, (product, extent) => product * extent);
}
