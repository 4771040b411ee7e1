using LatticeFlow.Compute;
using LatticeFlow.Groups;
using LatticeFlow.Kernels.Fields;
using LatticeFlow.Kernels.Lanes;
using LatticeFlow.Kernels.Memory;
using LatticeFlow.Lattice;

namespace LatticeFlow.Smearing;

/// <summary>A smeared copy of the links of a batch, made within a kernel program; it lives as long as the pass over a tile.</summary>
public sealed class SmearedLinks<T> : IDisposable
    where T : unmanaged, IReal64<T>
{
    private readonly ISmearingSteps<T> steps;

    /// <summary>Not yet smeared.</summary>
    public SmearedLinks(ComputeDevice device, StencilTables stencil, GaugeGroup group, LinkSmearing smearing)
    {
        Field = device.NewField<T>(stencil.Layout.Shape, stencil.Layout.OfLane.Links * group.Components, Scope.Scratch);
        steps = smearing.Bind(device, stencil, group, Field);
    }

    /// <summary>The copy.</summary>
    public Field<T> Field { get; }

    /// <summary>Appends: the copy is made.</summary>
    public void AddStart(KernelProgram program, Field<T> links) => program.Add(new Copy<T> { Source = links.View, Target = Field.View }, Field.Elements);

    /// <summary>Appends: the step of this index, from 0.</summary>
    public void AddStep(KernelProgram program, int step) => steps.AddStep(program, step);

    /// <inheritdoc/>
    public void Dispose()
    {
        steps.Dispose();
        Field.Dispose();
    }
}
