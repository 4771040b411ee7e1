using LatticeFlow.Compute;
using LatticeFlow.Kernels.Lanes;
using LatticeFlow.Kernels.Markov;
using LatticeFlow.Kernels.RandomNumbers;
using LatticeFlow.Lattice;

namespace LatticeFlow.Fields;

/// <summary>What is alike for all fields: tangents are real numbers.</summary>
internal abstract class FieldSteps<T> : IFieldSteps<T>
    where T : unmanaged, IReal64<T>
{
    private readonly FieldType type;
    private readonly LatticeSums<T> kinetic;

    protected FieldSteps(ComputeDevice device, StencilTables stencil, FieldType type)
    {
        Device = device;
        Stencil = stencil;
        this.type = type;
        kinetic = new LatticeSums<T>(device, Layout, Momenta);
    }

    public virtual bool StartsInAnyLayout => false;

    protected ComputeDevice Device { get; }

    protected StencilTables Stencil { get; }

    protected LatticeLayout Layout => Stencil.Layout;

    /// <summary>Elements of a lane.</summary>
    protected int Elements => type.Elements(Layout.OfLane);

    private int Momenta => type.Tangents(Layout.OfLane);

    public Field<T> NewField(int scope) => Device.NewField<T>(Layout.Shape, type.Numbers(Layout.OfLane), scope);

    public Field<T> NewTangents(int scope) => Device.NewField<T>(Layout.Shape, Momenta, scope);

    public void AddMomenta(KernelProgram program, Field<T> momenta, IndexTable key, int purpose)
    {
        if (!Layout.IsSplit)
        {
            program.Add(new FillGaussianReals<T> { Target = momenta.View, Key = key.View, Purpose = purpose, Elements = Momenta }, (Momenta + 1) / 2);
            return;
        }

        program.Add(
            new FillSiteGaussians<T>
            {
                Target = momenta.View,
                Streams = Stencil.Streams<T>(key),
                Purpose = purpose,
                ElementsOfSite = type.ElementsOfSite(Layout.OfLane) * type.TangentComponents,
            },
            Layout.OfLane.Volume);
    }

    public void AddKinetic(KernelProgram program, Field<T> momenta, SumField total, int element)
    {
        program.Add(new KineticEnergy<T> { Momenta = momenta.View, Parts = kinetic.Parts.View, Elements = Momenta }, Kernels.Fields.Chunk.Count(Momenta));
        kinetic.AddTotal(program, Momenta, total, element);
    }

    public abstract void AddDrift(KernelProgram program, Field<T> field, Field<T> momenta, Field<T> step, double coefficient);

    public abstract void AddAcceptOrRestore(KernelProgram program, Field<T> field, Field<T> saved, SumField flag, int element);

    public abstract void AddHotStart(KernelProgram program, Field<T> field, IndexTable key, int purpose);

    public virtual void Dispose() => kinetic.Dispose();
}
