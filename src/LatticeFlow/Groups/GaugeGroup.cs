using LatticeFlow.Compute;
using LatticeFlow.Kernels.Groups;
using LatticeFlow.Kernels.Lanes;

namespace LatticeFlow.Groups;

/// <summary>Code that is generic over the form that a device holds links of a group in: the group calls it back.</summary>
public interface ILinkUser<T, TResult>
    where T : unmanaged, IReal<T>
{
    /// <summary>Runs with the form of links.</summary>
    TResult Use<TLink>()
        where TLink : unmanaged, ILink<TLink, T>;
}

/// <summary>A gauge group: U(1) or SU(N), N = 2 … 8. Adding one adds one line to <see cref="All"/>.</summary>
public abstract class GaugeGroup
{
    private protected GaugeGroup(string name, int order, int components, int generators)
    {
        Name = name;
        Order = order;
        Components = components;
        Generators = generators;
    }

    /// <summary>U(1); a link is an angle.</summary>
    public static GaugeGroup U1 { get; } = new U1Group();

    /// <summary>SU(2); a link is a unit quaternion (a0, a1, a2, a3), U = a0 + i Σ a_k σ_k.</summary>
    public static GaugeGroup SU2 { get; } = new SU2Group();

    /// <summary>SU(3); a link is a matrix.</summary>
    public static GaugeGroup SU3 { get; } = new SU3Group();

    /// <summary>All groups.</summary>
    public static IReadOnlyList<GaugeGroup> All { get; } =
        [U1, SU2, SU3, new SUNGroup<Size4>(), new SUNGroup<Size5>(), new SUNGroup<Size6>(), new SUNGroup<Size7>(), new SUNGroup<Size8>()];

    /// <summary>The name of configuration files, as <c>SU3</c>.</summary>
    public string Name { get; }

    /// <summary>N.</summary>
    public int Order { get; }

    /// <summary>Reals of a link in a field.</summary>
    public int Components { get; }

    /// <summary>Dimension of the algebra.</summary>
    public int Generators { get; }

    /// <summary>The group of this name.</summary>
    /// <exception cref="ArgumentException">There is none; the message lists what there is.</exception>
    public static GaugeGroup Named(string name) => All.FirstOrDefault(group => group.Name == name)
        ?? throw new ArgumentException($"group '{name}' is unknown: there is {string.Join(", ", All.Select(group => group.Name))}.");

    /// <summary>Calls back with the form of links that is best on a device.</summary>
    /// <exception cref="NotSupportedException">The device cannot hold links of this group.</exception>
    public abstract TResult Use<T, TResult>(ComputeDevice device, ILinkUser<T, TResult> user)
        where T : unmanaged, IReal<T>;

    /// <summary>A link as an N×N matrix, row-major with interleaved real and imaginary parts: how links are stored. U(1): (cos θ, sin θ).</summary>
    public abstract void ToMatrix(ReadOnlySpan<double> link, Span<double> matrix);

    /// <summary>The reverse of <see cref="ToMatrix"/>.</summary>
    public abstract void FromMatrix(ReadOnlySpan<double> matrix, Span<double> link);

    /// <summary>As <c>SU3</c>.</summary>
    public override string ToString() => Name;

    private sealed class U1Group() : GaugeGroup("U1", 1, 1, 1)
    {
        public override TResult Use<T, TResult>(ComputeDevice device, ILinkUser<T, TResult> user) => user.Use<Phase<T>>();

        public override void ToMatrix(ReadOnlySpan<double> link, Span<double> matrix) => (matrix[1], matrix[0]) = Math.SinCos(link[0]);

        public override void FromMatrix(ReadOnlySpan<double> matrix, Span<double> link)
        {
            double angle = Math.Atan2(matrix[1], matrix[0]);
            link[0] = angle > -Math.PI ? angle : Math.PI;
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
