using LatticeFlow.Compute;
using LatticeFlow.Fields;
using LatticeFlow.Kernels.Groups;
using LatticeFlow.Lattice;

namespace LatticeFlow.Groups;

/// <content>The groups, and the form that a device holds the links of each in.</content>
public abstract partial class GaugeGroup
{
    private sealed class U1Group() : GaugeGroup("U1", 1, 1, 1)
    {
        public override FieldRepresentation Representation => FieldRepresentation.Angle;

        public override int StoredNumbers => 1;

        public override void Retract(Span<double> element, ReadOnlySpan<double> tangent) => element[0] = Principal(element[0] + tangent[0]);

        public override void Difference(ReadOnlySpan<double> a, ReadOnlySpan<double> b, Span<double> tangent) => tangent[0] = Math.IEEERemainder(a[0] - b[0], 2 * Math.PI);

        public override double Distance(ReadOnlySpan<double> a, ReadOnlySpan<double> b)
        {
            double largest = 0;
            for (int i = 0; i < a.Length; i++) largest = Math.Max(largest, Math.Abs(Math.IEEERemainder(a[i] - b[i], 2 * Math.PI)));
            return largest;
        }

        public override double[] ToStored(ReadOnlySpan<double> elements) => elements.ToArray();

        public override double[] FromStored(ReadOnlySpan<double> stored) => stored.ToArray();

        public override IFieldSteps<T> Bind<T>(ComputeDevice device, StencilTables stencil) => new U1Steps<T>(device, stencil);

        public override TResult Use<T, TResult>(ComputeDevice device, ILinkUser<T, TResult> user) => user.Use<Phase<T>>();

        public override void ToMatrix(ReadOnlySpan<double> link, Span<double> matrix) => (matrix[1], matrix[0]) = Math.SinCos(link[0]);

        public override void FromMatrix(ReadOnlySpan<double> matrix, Span<double> link) => link[0] = Principal(Math.Atan2(matrix[1], matrix[0]));

        // In (−π, π]; the remainder is in [−π, π].
        private static double Principal(double angle)
        {
            double principal = Math.IEEERemainder(angle, 2 * Math.PI);
            return principal > -Math.PI ? principal : Math.PI;
        }
    }

    private sealed class SU2Group() : GaugeGroup("SU2", 2, 4, 3)
    {
        public override TResult Use<T, TResult>(ComputeDevice device, ILinkUser<T, TResult> user) =>
            device.HoldsLinksInRegisters ? user.Use<Quaternion<T>>() : user.Use<QuaternionPlace<T>>();

        public override void ToMatrix(ReadOnlySpan<double> link, Span<double> matrix) =>
            ((ReadOnlySpan<double>)[link[0], link[3], link[2], link[1], -link[2], link[1], link[0], -link[3]]).CopyTo(matrix);

        public override void FromMatrix(ReadOnlySpan<double> matrix, Span<double> link) =>
            (link[0], link[1], link[2], link[3]) = ((matrix[0] + matrix[6]) / 2, (matrix[3] + matrix[5]) / 2, (matrix[2] - matrix[4]) / 2, (matrix[1] - matrix[7]) / 2);
    }

    private abstract class MatrixGroup(int order) : GaugeGroup($"SU{order}", order, 2 * order * order, (order * order) - 1)
    {
        // The series of the exponential ends when all lanes have converged.
        public override bool LanesDependOnEachOther => true;

        public override void ToMatrix(ReadOnlySpan<double> link, Span<double> matrix) => link.CopyTo(matrix);

        public override void FromMatrix(ReadOnlySpan<double> matrix, Span<double> link) => matrix.CopyTo(link);
    }

    private sealed class SU3Group() : MatrixGroup(3)
    {
        public override TResult Use<T, TResult>(ComputeDevice device, ILinkUser<T, TResult> user) =>
            device.HoldsLinksInRegisters ? user.Use<Registers3<T>>() : user.Use<Matrix3<T>>();
    }

    private sealed class SUNGroup<TSize>() : MatrixGroup(TSize.Value)
        where TSize : unmanaged, ISize
    {
        public override TResult Use<T, TResult>(ComputeDevice device, ILinkUser<T, TResult> user) => device.HoldsLinksInRegisters
            ? throw new NotSupportedException($"links of {Name} do not fit into the registers of {device.Name}: groups beyond SU3 run on the CPU (--device cpu).")
            : user.Use<MatrixN<TSize, T>>();
    }
}
