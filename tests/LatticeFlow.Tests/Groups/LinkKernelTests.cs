using LatticeFlow.Compute;
using LatticeFlow.Compute.Cpu;
using LatticeFlow.Kernels.Groups;
using LatticeFlow.Kernels.Lanes;
using LatticeFlow.Kernels.Markov;
using LatticeFlow.Kernels.Memory;
using LatticeFlow.Kernels.RandomNumbers;
using LatticeFlow.Tests.Devices;

namespace LatticeFlow.Tests.Groups;

/// <summary>What kernels on links write, against plain complex arithmetic.</summary>
public class LinkKernelTests
{
    // A few rounding errors of numbers of order 1.
    private const double Rounding = 1e-13;
    private const int Links = 4;
    private const int Sites = 2;
    private const int Dimensions = 2;
    private static readonly int[] Ends = [0, 1, 0, 0, 1, 0, 1, 1];

    [Fact]
    public void Gauge_transformations_multiply_from_both_sides()
    {
        CpuLanes.Use("scalar", new Transformed<PhaseForm>());
        CpuLanes.Use("scalar", new Transformed<QuaternionForm>());
        CpuLanes.Use("scalar", new Transformed<MatrixForm>());
    }

    [Fact]
    public void Re_unitarised_links_have_no_distance_and_others_have_the_norm_of_what_is_missing()
    {
        CpuLanes.Use("scalar", new Distances<QuaternionForm>());
        CpuLanes.Use("scalar", new Distances<MatrixForm>());
    }

    [Fact]
    public void Random_links_do_not_depend_on_what_a_tile_holds()
    {
        CpuLanes.Use("scalar", new Streamed<PhaseForm>());
        CpuLanes.Use("scalar", new Streamed<QuaternionForm>());
        CpuLanes.Use("scalar", new Streamed<MatrixForm>());
    }

    [Fact]
    public void Links_are_kept_where_accepted_and_restored_bit_by_bit_elsewhere() => CpuLanes.Use(InstructionSet.Best().Name, new Restored());

    /// <summary>A form of links with any lanes.</summary>
    private interface IForm
    {
        static abstract LinkAlgebra Algebra { get; }

        static abstract bool Use<T>(ComputeDevice device, IFormUser user)
            where T : unmanaged, IReal64<T>;
    }

    private interface IFormUser
    {
        bool Use<TLink, T>(ComputeDevice device, LinkAlgebra algebra)
            where TLink : unmanaged, ILink<TLink, T>
            where T : unmanaged, IReal64<T>;
    }

    private static Field<T> Random<TLink, T>(DeviceBench<T> bench, int links, int purpose)
        where TLink : unmanaged, ILink<TLink, T>
        where T : unmanaged, IReal64<T>
    {
        var field = bench.Zero(links * TLink.Components);
        bench.Run(new HaarLinks<TLink, T> { Links = field.View, Streams = Streams(bench, 0), Dimensions = Dimensions, Purpose = purpose }, links);
        return field;
    }

    private static Streams<T> Streams<T>(DeviceBench<T> bench, int firstReplica)
        where T : unmanaged, IReal64<T> => new() { Key = bench.Table(3, 4, 5, 6, firstReplica).View };

    private static void Near(ComplexMatrix expected, ComplexMatrix actual) => Assert.True((expected - actual).Largest <= Rounding, $"off by {(expected - actual).Largest:G3}.");

    private abstract class FormLaw<TForm> : ILaneUser<bool>, IFormUser
        where TForm : IForm
    {
        public bool Use<T, TDouble>(ComputeDevice device)
            where T : unmanaged, IReal<T>
            where TDouble : unmanaged, IReal64<TDouble> => TForm.Use<TDouble>(device, this);

        public abstract bool Use<TLink, T>(ComputeDevice device, LinkAlgebra algebra)
            where TLink : unmanaged, ILink<TLink, T>
            where T : unmanaged, IReal64<T>;

        /// <summary>Matrix number <paramref name="number"/> of a field, all replicas one after the other.</summary>
        protected static ComplexMatrix Matrix(LinkAlgebra algebra, double[] field, int number) =>
            algebra.Matrix(field[(number * algebra.Components)..((number + 1) * algebra.Components)]);
    }

    private sealed class Transformed<TForm> : FormLaw<TForm>
        where TForm : IForm
    {
        public override bool Use<TLink, T>(ComputeDevice device, LinkAlgebra algebra)
        {
            using var bench = new DeviceBench<T>(device);
            Field<T> links = Random<TLink, T>(bench, Links, Purpose.Start), gauge = Random<TLink, T>(bench, Sites, Purpose.Probe);
            double[] before = bench.Read(links), g = bench.Read(gauge);
            var work = bench.Zero(Math.Max(1, GaugeTransform<TLink, T>.Slots * TLink.WorkElements), Scope.Work);
            bench.Run(new GaugeTransform<TLink, T> { Links = links.View, Gauge = gauge.View, Ends = bench.Table(Ends).View, Work = work.View }, Links);
            double[] after = bench.Read(links);
            for (int replica = 0; replica < bench.Replicas; replica++)
            {
                for (int link = 0; link < Links; link++)
                {
                    ComplexMatrix start = Matrix(algebra, g, (replica * Sites) + Ends[2 * link]), end = Matrix(algebra, g, (replica * Sites) + Ends[(2 * link) + 1]);
                    Near(start * Matrix(algebra, before, (replica * Links) + link) * end.Adjoint, Matrix(algebra, after, (replica * Links) + link));
                }
            }

            return true;
        }
    }

    private sealed class Distances<TForm> : FormLaw<TForm>
        where TForm : IForm
    {
        public override bool Use<TLink, T>(ComputeDevice device, LinkAlgebra algebra)
        {
            using var bench = new DeviceBench<T>(device);
            Field<T> links = bench.Random(Links * TLink.Components), distance = bench.Zero(Links);
            var work = bench.Zero(Math.Max(1, DistanceFromUnity<TLink, T>.Slots * TLink.WorkElements), Scope.Work);
            var measure = new DistanceFromUnity<TLink, T> { Links = links.View, Distance = distance.View, Work = work.View };
            bench.Run(measure, Links);
            double[] numbers = bench.Read(links), distances = bench.Read(distance);
            for (int n = 0; n < distances.Length; n++)
            {
                var u = Matrix(algebra, numbers, n);
                var missing = (u * u.Adjoint) - ComplexMatrix.One(algebra.Order);
                double norm = Math.Sqrt((missing * missing.Adjoint).Trace.Real);
                Assert.True(Math.Abs(distances[n] - norm) <= Rounding * (1 + norm), $"link {n}: {distances[n]:R}, not {norm:R}.");
                Assert.True(norm > Rounding);
            }

            bench.Run(new ReunitariseLinks<TLink, T> { Links = links.View }, Links);
            bench.Run(measure, Links);
            Assert.All(bench.Read(distance), one => Assert.InRange(one, 0, Rounding));
            return true;
        }
    }

    private sealed class Streamed<TForm> : FormLaw<TForm>
        where TForm : IForm
    {
        // A batch from replica 5 on is the rest of the batch from replica 0 on, a longer field begins with the shorter one, and no two links are equal.
        public override bool Use<TLink, T>(ComputeDevice device, LinkAlgebra algebra)
        {
            const int First = 5;
            using var bench = new DeviceBench<T>(device);
            double[] all = bench.Read(Random<TLink, T>(bench, Links, Purpose.Start));
            var part = bench.Zero(Sites * TLink.Components);
            bench.Run(new HaarLinks<TLink, T> { Links = part.View, Streams = Streams(bench, First), Dimensions = Dimensions, Purpose = Purpose.Start }, Sites);
            double[] late = bench.Read(part);
            int whole = Links * TLink.Components, some = Sites * TLink.Components;
            for (int replica = 0; replica + First < bench.Replicas; replica++)
                Assert.Equal(all[((replica + First) * whole)..(((replica + First) * whole) + some)], late[(replica * some)..((replica + 1) * some)]);
            Assert.Equal(all.Length, all.Distinct().Count());
            return true;
        }
    }

    private sealed class Restored : ILaneUser<bool>
    {
        public bool Use<T, TDouble>(ComputeDevice device)
            where T : unmanaged, IReal<T>
            where TDouble : unmanaged, IReal64<TDouble>
        {
            const int Components = 5;
            using var bench = new DeviceBench<TDouble>(device);
            Field<TDouble> links = bench.Random(Components), saved = bench.Random(Components);
            double[] end = bench.Read(links), start = bench.Read(saved);
            var accepted = bench.Sums(2);
            accepted.WriteReplicas([.. Enumerable.Range(0, bench.Replicas).SelectMany(replica => new double[] { 0, replica % 3 == 0 ? 1 : 0 })]);
            bench.Run(new AcceptOrRestoreField<TDouble> { Field = links.View, Saved = saved.View, Accepted = accepted.View, Element = 1 }, Components);
            Assert.Equal(Enumerable.Range(0, end.Length).Select(n => n / Components % 3 == 0 ? end[n] : start[n]), bench.Read(links));
            return true;
        }
    }

    private readonly struct PhaseForm : IForm
    {
        public static LinkAlgebra Algebra => LinkAlgebra.Circle();

        public static bool Use<T>(ComputeDevice device, IFormUser user)
            where T : unmanaged, IReal64<T> => user.Use<Phase<T>, T>(device, Algebra);
    }

    private readonly struct QuaternionForm : IForm
    {
        public static LinkAlgebra Algebra => LinkAlgebra.Quaternions();

        public static bool Use<T>(ComputeDevice device, IFormUser user)
            where T : unmanaged, IReal64<T> => user.Use<Quaternion<T>, T>(device, Algebra);
    }

    private readonly struct MatrixForm : IForm
    {
        public static LinkAlgebra Algebra => LinkAlgebra.Matrices(Size4.Value);

        public static bool Use<T>(ComputeDevice device, IFormUser user)
            where T : unmanaged, IReal64<T> => user.Use<MatrixN<Size4, T>, T>(device, Algebra);
    }
}
