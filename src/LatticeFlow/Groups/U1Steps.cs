using LatticeFlow.Compute;
using LatticeFlow.Kernels.Lanes;
using LatticeFlow.Kernels.RandomNumbers;
using LatticeFlow.Kernels.U1;
using LatticeFlow.Lattice;

namespace LatticeFlow.Groups;

/// <summary>U(1), whose links are angles: θ += ε p, and no matrix anywhere.</summary>
internal sealed class U1Steps<T>(ComputeDevice device, StencilTables stencil) : AlgebraSteps<T>(device, stencil, 1, 1)
    where T : unmanaged, IReal64<T>
{
    public override void AddDrift(KernelProgram program, Field<T> links, Field<T> momenta, Field<T> step, double coefficient) =>
        program.Add(new Drift<T> { Links = links.View, Momenta = momenta.View, Step = step.View, Coefficient = coefficient }, Links);

    public override void AddAcceptOrRestore(KernelProgram program, Field<T> links, Field<T> saved, SumField flag, int element) =>
        program.Add(new AcceptOrRestore<T> { Links = links.View, Saved = saved.View, Accepted = flag.View, Element = element }, Links);

    public override void AddHaar(KernelProgram program, Field<T> links, IndexTable key, int purpose) =>
        program.Add(new FillAngleReals<T> { Target = links.View, Key = key.View, Purpose = purpose, Elements = Links }, (Links + 1) / 2);
}
