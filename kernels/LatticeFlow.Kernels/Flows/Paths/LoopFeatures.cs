using LatticeFlow.Kernels.Groups;
using LatticeFlow.Kernels.Lanes;
using LatticeFlow.Kernels.Memory;

namespace LatticeFlow.Kernels.Flows;

/// <summary>
/// Network input: traces of frozen loops W, (1/N) Re tr W^p and (1/N) Im tr W^p, p = 1 … powers, and on request ‖1 + W‖/2√N, of U(1) |cos θ/2|. A loop is a closed path, or V V′† of two open ones with
/// the same ends, where the last is ‖V + V′‖/2√N: what the weight of a link between two staples depends on.
/// </summary>
public struct FeatureOperands<T>
    where T : unmanaged, IReal<T>
{
    /// <summary>The paths.</summary>
    public PathOperands<T> Paths;

    /// <summary>Network input, <c>[node][Stride]</c>.</summary>
    public Reals<T> Features;

    /// <summary>dL/d(input), <c>[node][CotangentStride]</c>.</summary>
    public Reals<T> FeatureCotangents;

    /// <summary>Loops, <c>[loop]{path, path that is daggered or −1, node, first channel}</c>.</summary>
    public Table Loops;

    /// <summary>Of each path where its <see cref="LoopsOfPaths"/> begin, one more than there are paths.</summary>
    public Table StartsOfPaths;

    /// <summary>The loops that hold a path.</summary>
    public Table LoopsOfPaths;

    /// <summary>Numbers of a node in the input.</summary>
    public int Stride;

    /// <summary>Numbers of a node in the cotangent of the input.</summary>
    public int CotangentStride;

    /// <summary>Powers of a loop.</summary>
    public int Powers;

    /// <summary>1 where imaginary parts are features, too; 0 for SU(2), whose traces are real.</summary>
    public int Imaginary;

    /// <summary>1 where ‖1 + W‖/2√N is a feature, too, the last of a loop.</summary>
    public int HalfAngle;

    /// <summary>The same operands, bound to a place.</summary>
    public readonly FeatureOperands<T> At(in Place place)
    {
        var bound = this;
        bound.Paths = Paths.At(place);
        bound.Features = Features.At(place);
        bound.FeatureCotangents = FeatureCotangents.At(place);
        return bound;
    }
}

/// <summary>Traces of loops, see <see cref="FeatureOperands{T}"/>. An item is a loop.</summary>
public struct LoopFeatures<TLink, T> : IKernel
    where TLink : unmanaged, ILink<TLink, T>
    where T : unmanaged, IReal<T>
{
    /// <summary>Matrices of the work field.</summary>
    public const int Slots = 3;

    private FeatureOperands<T> operands;

    /// <summary>The kernel of these operands; items = loops.</summary>
    public LoopFeatures(in FeatureOperands<T> operands) => this.operands = operands;

    /// <inheritdoc/>
    public void Bind(in Place place) => operands = operands.At(place);

    /// <inheritdoc/>
    public readonly void Execute(int item)
    {
        var loop = TLink.Local(operands.Paths.Work, 0);
        var power = TLink.Local(operands.Paths.Work, 1);
        var other = TLink.Local(operands.Paths.Work, 2);
        int first = T.Index(operands.Loops, 4 * item), second = T.Index(operands.Loops, (4 * item) + 1);
        if (second < 0) TLink.Copy(TLink.Open(operands.Paths.Values, first), ref loop);
        else TLink.MultiplyAdjoint(TLink.Open(operands.Paths.Values, first), TLink.Open(operands.Paths.Values, second), ref loop);
        int e = (T.Index(operands.Loops, (4 * item) + 2) * operands.Stride) + T.Index(operands.Loops, (4 * item) + 3);
        TLink.Copy(loop, ref power);
        T scale = T.Of(1.0 / TLink.Order);
        for (int p = 0; p < operands.Powers; p++)
        {
            if (p > 0)
            {
                TLink.Multiply(power, loop, ref other);
                (power, other) = (other, power);
            }

            TLink.Trace(power, out T re, out T im);
            T.Store(operands.Features, e++, scale * re);
            if (operands.Imaginary != 0) T.Store(operands.Features, e++, scale * im);
        }

        if (operands.HalfAngle != 0) T.Store(operands.Features, e, SizeOfSum(loop, ref other));
    }

    /// <summary>‖1 + W‖/2√N = √((1 + Re tr W/N)/2), without the cancellation of the latter near W = −1. At least 10⁻¹⁸.</summary>
    internal static T SizeOfSum(in TLink loop, ref TLink sum)
    {
        TLink.SetZero(ref sum);
        for (int k = 0; k < TLink.Order; k++) TLink.SetDiagonal(k, T.Of(1), T.Of(0), ref sum);
        TLink.AddScaled(T.Of(1), loop, ref sum);
        TLink.TraceMultiplyAdjoint(sum, sum, out T square, out _);
        return T.Max(T.Of(1e-18), T.Sqrt(T.Of(0.25 / TLink.Order) * square));
    }
}

/// <summary>∂_a L of the paths from dL/d(features), added to what stands there. An item is a path.</summary>
/// <remarks>
/// V → e^{iX} V changes W = V V′† to e^{iX} W: d tr W^p = i p tr(X W^p), so that ∂_a Re tr W^p = −p Im tr(T_a W^p) and ∂_a Im tr W^p = p Re tr(T_a W^p). V′ → e^{iX} V′ changes W to W e^{−iX}: the
/// opposite of these. d‖1 + W‖/2√N = d Re tr W/(4N · ‖1 + W‖/2√N).
/// </remarks>
public struct LoopFeaturesVjp<TLink, T> : IKernel
    where TLink : unmanaged, ILink<TLink, T>
    where T : unmanaged, IReal<T>
{
    /// <summary>Matrices of the work field.</summary>
    public const int Slots = 3;

    private FeatureOperands<T> operands;

    /// <summary>The kernel of these operands; items = paths.</summary>
    public LoopFeaturesVjp(in FeatureOperands<T> operands) => this.operands = operands;

    /// <inheritdoc/>
    public void Bind(in Place place) => operands = operands.At(place);

    /// <inheritdoc/>
    public readonly void Execute(int item)
    {
        int end = T.Index(operands.StartsOfPaths, item + 1);
        for (int k = T.Index(operands.StartsOfPaths, item); k < end; k++) Add(item, T.Index(operands.LoopsOfPaths, k));
    }

    private readonly void Add(int path, int index)
    {
        var loop = TLink.Local(operands.Paths.Work, 0);
        var power = TLink.Local(operands.Paths.Work, 1);
        var other = TLink.Local(operands.Paths.Work, 2);
        int first = T.Index(operands.Loops, 4 * index), second = T.Index(operands.Loops, (4 * index) + 1);
        if (second < 0) TLink.Copy(TLink.Open(operands.Paths.Values, first), ref loop);
        else TLink.MultiplyAdjoint(TLink.Open(operands.Paths.Values, first), TLink.Open(operands.Paths.Values, second), ref loop);
        int e = (T.Index(operands.Loops, (4 * index) + 2) * operands.CotangentStride) + T.Index(operands.Loops, (4 * index) + 3);
        TLink.Copy(loop, ref power);
        for (int p = 1; p <= operands.Powers; p++)
        {
            if (p > 1)
            {
                TLink.Multiply(power, loop, ref other);
                (power, other) = (other, power);
            }

            T ofRe = T.Load(operands.FeatureCotangents, e++), ofIm = operands.Imaginary != 0 ? T.Load(operands.FeatureCotangents, e++) : T.Of(0);
            double scale = (double)p / TLink.Order;
            T sign = T.Of(path == first ? -scale : scale);
            TLink.AddAlgebra(operands.Paths.PathCotangents, path, sign * ofRe, power);
            if (operands.Imaginary != 0) TLink.AddAlgebraReal(operands.Paths.PathCotangents, path, -(sign * ofIm), power);
        }

        if (operands.HalfAngle == 0) return;
        T ofSize = T.Load(operands.FeatureCotangents, e) * T.Of(0.25 / TLink.Order) / LoopFeatures<TLink, T>.SizeOfSum(loop, ref other);
        TLink.AddAlgebra(operands.Paths.PathCotangents, path, path == first ? -ofSize : ofSize, loop);
    }
}
