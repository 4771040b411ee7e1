using LatticeFlow.Compute;
using LatticeFlow.Lattice;

namespace LatticeFlow.Fields;

/// <summary>A real scalar φ(x) on the sites; see <see cref="FieldType.Scalar"/>.</summary>
public sealed class RealScalar : FieldType
{
    internal RealScalar()
        : base("scalar", FieldPlace.Sites, components: 1, tangentComponents: 1)
    {
    }

    /// <inheritdoc/>
    public override string Description => "a real scalar";

    /// <inheritdoc/>
    public override FieldRepresentation Representation => FieldRepresentation.Real;

    /// <inheritdoc/>
    public override int StoredNumbers => 1;

    /// <inheritdoc/>
    public override void SetStart(Span<double> element) => element[0] = 0;

    /// <inheritdoc/>
    public override void Retract(Span<double> element, ReadOnlySpan<double> tangent) => element[0] += tangent[0];

    /// <inheritdoc/>
    public override void Difference(ReadOnlySpan<double> a, ReadOnlySpan<double> b, Span<double> tangent) => tangent[0] = a[0] - b[0];

    /// <inheritdoc/>
    public override IFieldSteps<T> Bind<T>(ComputeDevice device, StencilTables stencil) => new ScalarSteps<T>(device, stencil);
}
