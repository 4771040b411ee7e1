using LatticeFlow.Kernels.Lanes;
using LatticeFlow.Kernels.Memory;

namespace LatticeFlow.Kernels.Flows;

/// <summary>
/// c = f r: r the constants and what a network adds to them, f = (1 + (s/b)⁸)^{−1/8} with s = Σ_k λ_k |r_k|, so that Σ λ_k |c_k| &lt; b: a step whose exponent has Lipschitz constant b &lt; 1 can be
/// inverted, and its determinant is positive. An item is an active link.
/// </summary>
public struct StapleCoefficients<T> : IKernel
    where T : unmanaged, IReal<T>
{
    /// <summary>b.</summary>
    public const double Bound = 0.9;

    private StapleOperands<T> operands;

    /// <summary>The kernel of these operands; items = active links.</summary>
    public StapleCoefficients(in StapleOperands<T> operands) => this.operands = operands;

    /// <inheritdoc/>
    public void Bind(in Place place) => operands = operands.At(place);

    /// <inheritdoc/>
    public readonly void Execute(int item)
    {
        T sum = T.Of(0);
        for (int k = 0; k < operands.Terms.Count; k++) sum = T.Fma(T.Uniform(operands.Lipschitz, k), T.Abs(Raw(operands, item, k)), sum);
        T factor = Factor(Eighth(sum));
        for (int k = 0; k < operands.Terms.Count; k++) T.Store(operands.Coefficients, (item * operands.Terms.Count) + k, factor * Raw(operands, item, k));
    }

    /// <summary>r_k.</summary>
    internal static T Raw(in StapleOperands<T> operands, int item, int k)
    {
        T constant = T.Uniform(operands.Constants, k);
        return operands.NetStride == 0 ? constant : constant + T.Load(operands.Net, (T.Index(operands.Active, (2 * item) + 1) * operands.NetStride) + k);
    }

    /// <summary>(s/b)⁸.</summary>
    internal static T Eighth(T sum)
    {
        T x = T.Of(1 / Bound) * sum;
        x *= x;
        x *= x;
        return x * x;
    }

    /// <summary>(1 + u)^{−1/8}.</summary>
    internal static T Factor(T u) => T.Of(1) / T.Sqrt(T.Sqrt(T.Sqrt(T.Of(1) + u)));
}

/// <summary>dL/dr from dL/dc, in its place, and for the network that made r. An item is an active link.</summary>
/// <remarks>dL/dr_k = f dL/dc_k + (Σ_l r_l dL/dc_l) f′(s) λ_k sign r_k, f′(s) = −f (s/b)⁷/(b (1 + (s/b)⁸)).</remarks>
public struct StapleCoefficientsVjp<T> : IKernel
    where T : unmanaged, IReal<T>
{
    private StapleOperands<T> operands;

    /// <summary>The kernel of these operands; items = active links.</summary>
    public StapleCoefficientsVjp(in StapleOperands<T> operands) => this.operands = operands;

    /// <inheritdoc/>
    public void Bind(in Place place) => operands = operands.At(place);

    /// <inheritdoc/>
    public readonly void Execute(int item)
    {
        int first = item * operands.Terms.Count, node = T.Index(operands.Active, (2 * item) + 1) * operands.NetStride;
        T sum = T.Of(0), product = T.Of(0);
        for (int k = 0; k < operands.Terms.Count; k++)
        {
            T raw = StapleCoefficients<T>.Raw(operands, item, k);
            sum = T.Fma(T.Uniform(operands.Lipschitz, k), T.Abs(raw), sum);
            product = T.Fma(raw, T.Load(operands.CoefficientCotangents, first + k), product);
        }

        T u = StapleCoefficients<T>.Eighth(sum), factor = StapleCoefficients<T>.Factor(u);
        T slope = -(factor * product * u / ((T.Of(1) + u) * T.Max(sum, T.Of(1e-30))));
        for (int k = 0; k < operands.Terms.Count; k++)
        {
            T bound = T.CopySign(T.Uniform(operands.Lipschitz, k), StapleCoefficients<T>.Raw(operands, item, k));
            T cotangent = T.Fma(slope, bound, factor * T.Load(operands.CoefficientCotangents, first + k));
            T.Store(operands.CoefficientCotangents, first + k, cotangent);
            if (operands.NetStride > 0) T.Store(operands.NetCotangent, node + k, cotangent);
        }
    }
}

/// <summary>
/// dL/dp of the parameters that all links of a step share, r_k = w Σ_m t^m p_{k,m}: adds w t^m Σ dL/dr_k over the active links. An item is a term; its parameters are p_{k,0}, ….
/// </summary>
public struct StapleConstantsVjp<T> : IKernel
    where T : unmanaged, IReal<T>
{
    private readonly int active;
    private readonly int powers;
    private readonly double weight;
    private readonly double time;
    private StapleOperands<T> operands;
    private Reals<T> gradient;

    /// <summary>The kernel of these operands; items = terms.</summary>
    public StapleConstantsVjp(in StapleOperands<T> operands, Reals<T> gradient, int active, int powers, double weight, double time)
    {
        this.operands = operands;
        this.gradient = gradient;
        this.active = active;
        this.powers = powers;
        this.weight = weight;
        this.time = time;
    }

    /// <inheritdoc/>
    public void Bind(in Place place)
    {
        operands = operands.At(place);
        gradient = gradient.At(place);
    }

    /// <inheritdoc/>
    public readonly void Execute(int item)
    {
        T sum = T.Of(0);
        for (int a = 0; a < active; a++) sum += T.Load(operands.CoefficientCotangents, (a * operands.Terms.Count) + item);
        double factor = weight;
        for (int m = 0; m < powers; m++)
        {
            int e = (item * powers) + m;
            T.Store(gradient, e, T.Fma(T.Of(factor), sum, T.Load(gradient, e)));
            factor *= time;
        }
    }
}
