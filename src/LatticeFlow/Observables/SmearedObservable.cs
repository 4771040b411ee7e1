using LatticeFlow.Compute;
using LatticeFlow.Groups;
using LatticeFlow.Kernels.Lanes;
using LatticeFlow.Lattice;
using LatticeFlow.Smearing;

namespace LatticeFlow.Observables;

/// <summary>An observable of smeared links, under the observable's name with the smearing's suffix: <c>wilson_loop_2x2_stout10</c>.</summary>
public sealed class SmearedObservable : ILinkObservable
{
    private readonly IFieldObservable observable;

    /// <summary>The observable after so many steps of the smearing.</summary>
    /// <exception cref="ArgumentException">It is smeared already, or the number is negative.</exception>
    public SmearedObservable(IFieldObservable observable, LinkSmearing smearing, int steps)
    {
        if (observable.Smearing is not null) throw new ArgumentException($"observable '{observable.Name}' is measured on smeared links: it cannot be smeared once more.", nameof(observable));
        ArgumentOutOfRangeException.ThrowIfNegative(steps);
        this.observable = observable;
        Smearing = smearing;
        SmearingSteps = [steps];
        Name = observable.Name + smearing.Suffix(steps);
    }

    /// <inheritdoc/>
    public string Name { get; }

    /// <inheritdoc/>
    public IReadOnlyList<int> Shape => observable.Shape;

    /// <inheritdoc/>
    public LinkSmearing? Smearing { get; }

    /// <inheritdoc/>
    public IReadOnlyList<int> SmearingSteps { get; }

    /// <inheritdoc/>
    public IObservableSteps<T> Bind<T>(ComputeDevice device, StencilTables stencil, GaugeGroup group)
        where T : unmanaged, IReal64<T> => observable.Bind<T>(device, stencil, group);
}
