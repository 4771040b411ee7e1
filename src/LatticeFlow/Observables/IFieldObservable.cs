using LatticeFlow.Compute;
using LatticeFlow.Groups;
using LatticeFlow.Kernels.Lanes;
using LatticeFlow.Lattice;

namespace LatticeFlow.Observables;

/// <summary>A function of the links of one replica, measured on the device. A plain description; <see cref="Bind{T}"/> makes its kernels ready.</summary>
public interface IFieldObservable
{
    /// <summary>The name of configuration files and of data sets, as <c>wilson_loop_2x3</c>.</summary>
    string Name { get; }

    /// <summary>Empty for a number; else the extents of the array that every replica has.</summary>
    IReadOnlyList<int> Shape { get; }

    /// <summary>The kernels for a batch.</summary>
    IObservableSteps<T> Bind<T>(ComputeDevice device, StencilTables stencil, GaugeGroup group)
        where T : unmanaged, IReal64<T>;
}

/// <summary>The kernels of an observable for one batch; holds its tables and partial sums.</summary>
public interface IObservableSteps<T> : IDisposable
    where T : unmanaged, IReal64<T>
{
    /// <summary>Numbers that the kernels sum up for each replica.</summary>
    int Sums { get; }

    /// <summary>Appends: the sums of every replica, into elements 0 … Sums − 1.</summary>
    void AddMeasure(KernelProgram program, Field<T> links, SumField sums);

    /// <summary>Makes the values of one replica of its sums.</summary>
    void Finish(ReadOnlySpan<double> sums, Span<double> values);
}

/// <summary>Facts that follow from an observable's description.</summary>
public static class FieldObservableExtensions
{
    /// <summary>Numbers of each replica: the product of the shape.</summary>
    public static int Components(this IFieldObservable observable) => observable.Shape.Aggregate(1, (product, extent) => product * extent);
}
