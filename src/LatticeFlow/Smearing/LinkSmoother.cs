using LatticeFlow.Compute;
using LatticeFlow.Fields;
using LatticeFlow.Groups;
using LatticeFlow.Kernels.Lanes;
using LatticeFlow.Lattice;

namespace LatticeFlow.Smearing;

/// <summary>Applies a smearing to all replicas of a field of links, in place.</summary>
public sealed class LinkSmoother<T> : IDisposable
    where T : unmanaged, IReal64<T>
{
    private readonly ComputeDevice device;
    private readonly ISmearingSteps<T> steps;
    private readonly KernelProgram program;

    /// <summary>Ready to make one step after the other.</summary>
    public LinkSmoother(ComputeDevice device, StencilTables stencil, GaugeGroup group, ConfigurationField<T> links, LinkSmearing smearing)
    {
        this.device = device;
        steps = smearing.Bind(device, stencil, group, links.Field);
        program = new KernelProgram(stencil.Layout.Shape);
        steps.AddStep(program);
    }

    /// <summary>Makes so many steps.</summary>
    public void Run(int count)
    {
        for (int i = 0; i < count; i++) device.Run(program);
    }

    /// <inheritdoc/>
    public void Dispose() => steps.Dispose();
}
