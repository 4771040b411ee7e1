using LatticeFlow.Compute;
using LatticeFlow.Fields;
using LatticeFlow.Kernels.Lanes;
using LatticeFlow.Lattice;

namespace LatticeFlow.Observables;

/// <summary>An observable of a real scalar φ(x).</summary>
public interface IScalarObservable : IFieldObservable
{
    /// <summary>The kernels for a batch.</summary>
    IObservableSteps<T> Bind<T>(ComputeDevice device, StencilTables stencil)
        where T : unmanaged, IReal64<T>;

    /// <inheritdoc/>
    IObservableSteps<T> IFieldObservable.Bind<T>(ComputeDevice device, StencilTables stencil, FieldType field) => field == FieldType.Scalar
        ? Bind<T>(device, stencil)
        : throw new NotSupportedException($"observable '{Name}': it is defined for the field '{FieldType.Scalar}'; the field is '{field}'.");
}
