using LatticeFlow.Compute;
using LatticeFlow.Fields;
using LatticeFlow.Groups;
using LatticeFlow.Kernels.Lanes;
using LatticeFlow.Lattice;

namespace LatticeFlow.Smearing;

/// <summary>Applies the first steps of a smearing to all replicas of a field of links, in place.</summary>
public sealed class LinkSmoother<T> : IDisposable
    where T : unmanaged, IReal64<T>
{
    private readonly ComputeDevice device;
    private readonly ISmearingSteps<T> steps;
    private readonly KernelProgram program;

    /// <summary>Ready to make so many steps.</summary>
    public LinkSmoother(ComputeDevice device, StencilTables stencil, GaugeGroup group, ConfigurationField<T> links, LinkSmearing smearing, int count)
    {
        this.device = device;
        steps = smearing.Bind(device, stencil, group, links.Field);
        program = new KernelProgram(stencil.Layout.Shape);
        for (int step = 0; step < count; step++) steps.AddStep(program, step);
    }

    /// <summary>Makes the steps.</summary>
    public void Run() => device.Run(program);

    /// <inheritdoc/>
    public void Dispose() => steps.Dispose();
}
