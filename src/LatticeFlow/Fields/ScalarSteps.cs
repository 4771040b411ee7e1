using LatticeFlow.Compute;
using LatticeFlow.Kernels.Fields;
using LatticeFlow.Kernels.Lanes;
using LatticeFlow.Kernels.Markov;
using LatticeFlow.Kernels.RandomNumbers;
using LatticeFlow.Lattice;

namespace LatticeFlow.Fields;

/// <summary>A real scalar: φ += ε p, a hot start of normal numbers, and nothing to bring back to a group.</summary>
internal sealed class ScalarSteps<T>(ComputeDevice device, StencilTables stencil) : FieldSteps<T>(device, stencil, FieldType.Scalar)
    where T : unmanaged, IReal64<T>
{
    public override void AddDrift(KernelProgram program, Field<T> field, Field<T> momenta, Field<T> step, double coefficient) =>
        program.Add(new AddScaled<T> { Source = momenta.View, Target = field.View, Scale = step.View, Coefficient = coefficient }, Elements);

    public override void AddAcceptOrRestore(KernelProgram program, Field<T> field, Field<T> saved, SumField flag, int element) =>
        program.Add(new AcceptOrRestoreField<T> { Field = field.View, Saved = saved.View, Accepted = flag.View, Element = element }, Elements);

    public override void AddHotStart(KernelProgram program, Field<T> field, IndexTable key, int purpose) =>
        program.Add(new FillGaussianReals<T> { Target = field.View, Key = key.View, Purpose = purpose, Elements = Elements }, (Elements + 1) / 2);
}
