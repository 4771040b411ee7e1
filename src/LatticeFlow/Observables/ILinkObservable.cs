using LatticeFlow.Compute;
using LatticeFlow.Fields;
using LatticeFlow.Groups;
using LatticeFlow.Kernels.Lanes;
using LatticeFlow.Lattice;

namespace LatticeFlow.Observables;

/// <summary>An observable of the links of a gauge group.</summary>
public interface ILinkObservable : IFieldObservable
{
    /// <summary>The kernels for a batch.</summary>
    /// <exception cref="NotSupportedException">It is not defined for this group.</exception>
    IObservableSteps<T> Bind<T>(ComputeDevice device, StencilTables stencil, GaugeGroup group)
        where T : unmanaged, IReal64<T>;

    /// <inheritdoc/>
    IObservableSteps<T> IFieldObservable.Bind<T>(ComputeDevice device, StencilTables stencil, FieldType field) => Bind<T>(device, stencil, GaugeGroup.Of(field, $"observable '{Name}'"));
}
