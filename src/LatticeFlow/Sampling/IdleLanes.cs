using LatticeFlow.Actions;
using LatticeFlow.Compute;
using LatticeFlow.Fields;
using LatticeFlow.Kernels.Lanes;
using LatticeFlow.Kernels.Markov;
using LatticeFlow.Kernels.RandomNumbers;
using LatticeFlow.Lattice;

namespace LatticeFlow.Sampling;

/// <summary>
/// Gives lanes that hold no replica the same configuration before every transition. The exponential of SU(N), N ≥ 3, and the inverse of a flow take as many steps as the lane that needs most, so that rounding in one
/// lane depends on the others: what idle lanes hold would otherwise be a part of the state of a chain that is not saved.
/// </summary>
internal sealed class IdleLanes<T> : IDisposable
    where T : unmanaged, IReal64<T>
{
    private readonly Field<T> constant;
    private readonly SumField holdsReplica;

    private IdleLanes(ComputeDevice device, LatticeLayout layout, Field<T> field, IFieldSteps<T> steps)
    {
        constant = steps.NewField();
        using (var key = device.NewTable(new int[StreamKey.Length]))
        {
            var fill = new KernelProgram(layout.Shape);
            steps.AddHotStart(fill, constant, key, Purpose.Start);
            device.Run(fill);
        }

        holdsReplica = device.NewSums<T>(layout.Shape, 1);
        var flags = new double[layout.Shape.Tiles * T.Width];
        flags.AsSpan(0, layout.Replicas).Fill(1);
        holdsReplica.WriteReplicas(flags);
        Program = new KernelProgram(layout.Shape);
        Program.Add(new AcceptOrRestoreField<T> { Field = field.View, Saved = constant.View, Accepted = holdsReplica.View, Element = 0 }, field.Elements);
    }

    /// <summary>Configurations of idle lanes become what they always are; all others stay.</summary>
    public KernelProgram Program { get; }

    /// <summary>Null where no lane is idle, or lanes do not depend on each other.</summary>
    public static IdleLanes<T>? Of(ComputeDevice device, LatticeLayout layout, Field<T> field, IAction action, IFieldSteps<T> steps) =>
        !action.LanesDependOnEachOther || layout.Shape.Replicas % T.Width == 0 ? null : new(device, layout, field, steps);

    /// <inheritdoc/>
    public void Dispose()
    {
        constant.Dispose();
        holdsReplica.Dispose();
    }
}
