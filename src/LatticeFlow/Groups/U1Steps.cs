using LatticeFlow.Compute;
using LatticeFlow.Fields;
using LatticeFlow.Kernels.Fields;
using LatticeFlow.Kernels.Lanes;
using LatticeFlow.Kernels.RandomNumbers;
using LatticeFlow.Kernels.U1;
using LatticeFlow.Lattice;

namespace LatticeFlow.Groups;

/// <summary>U(1), whose links are angles: θ += ε p, and no matrix anywhere.</summary>
internal sealed class U1Steps<T>(ComputeDevice device, StencilTables stencil) : FieldSteps<T>(device, stencil, GaugeGroup.U1)
    where T : unmanaged, IReal64<T>
{
    public override void AddDrift(KernelProgram program, Field<T> field, Field<T> momenta, Field<T> step, double coefficient) =>
        program.Add(new AddScaled<T> { Source = momenta.View, Target = field.View, Scale = step.View, Coefficient = coefficient }, Elements);

    public override void AddAcceptOrRestore(KernelProgram program, Field<T> field, Field<T> saved, SumField flag, int element) =>
        program.Add(new AcceptOrRestore<T> { Links = field.View, Saved = saved.View, Accepted = flag.View, Element = element }, Elements);

    public override void AddHotStart(KernelProgram program, Field<T> field, IndexTable key, int purpose) =>
        program.Add(new FillAngleReals<T> { Target = field.View, Key = key.View, Purpose = purpose, Elements = Elements }, (Elements + 1) / 2);
}
