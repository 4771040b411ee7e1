using LatticeFlow.Compute;
using LatticeFlow.Fields;
using LatticeFlow.Groups;
using LatticeFlow.Kernels.Fields;
using LatticeFlow.Kernels.Groups;
using LatticeFlow.Kernels.Lanes;

namespace LatticeFlow.Flows;

/// <summary>
/// Samples of a flow as elements of their group in double: each link becomes the group element next to it, which moves it by the rounding of the flow, some 10⁻⁷ in single precision. U(1) has nothing to
/// bring back.
/// </summary>
internal sealed class GroupProjection<T> : IDisposable
    where T : unmanaged, IReal64<T>
{
    private readonly Field<T> links;

    private GroupProjection(ComputeDevice device, FieldSpace space, BatchShape shape, SumField configurations)
    {
        links = device.NewField<T>(shape, space.Numbers, Kernels.Memory.Scope.Scratch);
        Program = new KernelProgram(shape);
        Program.Add(new LoadSums<T> { Source = configurations.View, Target = links.View }, space.Numbers);
        GaugeGroup.Of(space.Type, "a projection to the group").Use(device, new Projection(Program, links, space.Lattice.Links));
        Program.Add(new StoreSums<T> { Source = links.View, Target = configurations.View }, space.Numbers);
    }

    /// <summary>Brings all configurations to the group.</summary>
    public KernelProgram Program { get; }

    /// <summary>Null where there is nothing to bring back.</summary>
    /// <param name="device">The device.</param>
    /// <param name="space">What the configurations are.</param>
    /// <param name="shape">The batch in tiles of the double lane type.</param>
    /// <param name="configurations">Configurations, <c>[number]</c>, in tiles of the flow's lanes.</param>
    public static GroupProjection<T>? Of(ComputeDevice device, FieldSpace space, BatchShape shape, SumField configurations) =>
        space.Type is GaugeGroup { Order: > 1 } ? new(device, space, shape, configurations) : null;

    /// <inheritdoc/>
    public void Dispose() => links.Dispose();

    private sealed record Projection(KernelProgram Program, Field<T> Field, int Links) : ILinkUser<T, bool>
    {
        public bool Use<TLink>()
            where TLink : unmanaged, ILink<TLink, T>
        {
            Program.Add(new ReunitariseLinks<TLink, T> { Links = Field.View }, Links);
            return true;
        }
    }
}
