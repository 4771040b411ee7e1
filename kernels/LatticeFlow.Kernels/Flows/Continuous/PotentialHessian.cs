using LatticeFlow.Kernels.Groups;
using LatticeFlow.Kernels.Lanes;
using LatticeFlow.Kernels.Memory;

namespace LatticeFlow.Kernels.Flows;

/// <summary>
/// Of a potential, along the tangents Y of its letters: the gradient G and its derivative, Ġ + y ∂ Lap S̃ with the cotangent y of Lap S̃; and what the parameters need, see <see cref="PotentialOperands{T}.Sums"/>. An item is a site.
/// </summary>
/// <remarks>
/// The derivative along Y of the whole of <see cref="PotentialGradient{TLink, T}"/>: with c = a b also ċ = ȧ b + a ḃ, and d(ā)/dY += ċ̄ b† + c̄ ḃ†. G = −Im tr(T_a P ā†) has Ġ = −Im tr(T_a (Ṗ ā† + P (ā)˙†)).
/// </remarks>
public struct PotentialHessian<TLink, T> : IKernel
    where TLink : unmanaged, ILink<TLink, T>
    where T : unmanaged, IReal<T>
{
    private readonly int wantsSums;
    private PotentialOperands<T> operands;

    /// <summary>The kernel of these operands; <paramref name="wantsSums"/> = 1 where parameters have gradients; items = sites.</summary>
    public PotentialHessian(in PotentialOperands<T> operands, int wantsSums)
    {
        this.operands = operands;
        this.wantsSums = wantsSums;
    }

    /// <inheritdoc/>
    public void Bind(in Place place) => operands = operands.At(place);

    /// <inheritdoc/>
    public readonly void Execute(int item)
    {
        var site = new PotentialSite<TLink, T>(operands, item);
        site.FindValues();
        site.FindTangents();
        int traces = site.Traces, cotangents = traces + operands.TraceCount, tangents = cotangents + operands.TraceCount, second = tangents + operands.TraceCount;
        if (wantsSums != 0) Sum(item, traces, tangents);
        site.ClearTraces(cotangents);
        site.ClearTraces(second);
        for (int m = 0; m < operands.TermMonomials; m++)
        {
            T coefficient = T.Uniform(operands.Coefficients, m);
            PotentialGradient<TLink, T>.AddMonomial(operands, m, coefficient, traces, cotangents);
            AddDerivative(m, coefficient, traces, tangents, second);
        }

        if (operands.DensityWeight != 0)
        {
            T weight = T.Of(operands.DensityCotangent * operands.DensityWeight) * T.Load(operands.ReplicaWeight, 0);
            for (int m = 0; m < operands.MonomialCount; m++)
                PotentialGradient<TLink, T>.AddMonomial(operands, m, weight * T.Uniform(operands.Coefficients, operands.TermMonomials + m), traces, second);
        }

        site.Clear(site.Cotangents, operands.SlotCount);
        site.Clear(site.CotangentTangents, operands.SlotCount);
        site.AddTraces(cotangents, site.First, site.Cotangents);
        site.AddTraces(second, site.First, site.CotangentTangents);
        site.AddTraces(cotangents, site.Tangents, site.CotangentTangents);
        for (int n = operands.NodeCount - 1; n >= 0; n--)
        {
            site.AddNode(n, site.CotangentTangents, site.First, site.CotangentTangents);
            site.AddNode(n, site.Cotangents, site.Tangents, site.CotangentTangents);
            site.AddNode(n, site.Cotangents, site.First, site.Cotangents);
        }

        site.JoinAdjoints(site.Cotangents);
        site.JoinAdjoints(site.CotangentTangents);
        for (int l = 0; l < operands.LetterCount; l++)
        {
            int first = ((item * operands.LetterCount) + l) * TLink.Generators;
            for (int a = 0; a < TLink.Generators; a++)
            {
                T.Store(operands.Gradients, first + a, T.Of(0));
                T.Store(operands.GradientTangents, first + a, T.Of(0));
            }

            site.AddGradient(l, site.First, site.Cotangents, operands.Gradients);
            site.AddGradient(l, site.Tangents, site.Cotangents, operands.GradientTangents);
            site.AddGradient(l, site.First, site.CotangentTangents, operands.GradientTangents);
        }
    }

    // d/dY of the cotangents of c Re M.
    private readonly void AddDerivative(int m, T coefficient, int traces, int tangents, int second)
    {
        operands.Factor(m, 0, traces, out T x0, out T y0);
        operands.Factor(m, 1, traces, out T x1, out T y1);
        operands.Factor(m, 2, traces, out T x2, out T y2);
        operands.FactorTangent(m, 0, tangents, out T u0, out T v0);
        operands.FactorTangent(m, 1, tangents, out T u1, out T v1);
        operands.FactorTangent(m, 2, tangents, out T u2, out T v2);
        AddProduct(m, 0, second, coefficient, u1, v1, x2, y2);
        AddProduct(m, 0, second, coefficient, x1, y1, u2, v2);
        AddProduct(m, 1, second, coefficient, u0, v0, x2, y2);
        AddProduct(m, 1, second, coefficient, x0, y0, u2, v2);
        AddProduct(m, 2, second, coefficient, u0, v0, x1, y1);
        AddProduct(m, 2, second, coefficient, x0, y0, u1, v1);
    }

    private readonly void AddProduct(int m, int factor, int second, T coefficient, T x, T y, T u, T v) =>
        operands.AddCotangent(m, factor, second, coefficient * T.Fnma(y, v, x * u), coefficient * T.Fma(y, u, x * v));

    private readonly void Sum(int item, int traces, int tangents)
    {
        int first = item * (operands.Terms + operands.MonomialCount);
        for (int k = 0; k < operands.Terms; k++) T.Store(operands.Sums, first + k, T.Of(0));
        for (int m = 0; m < operands.TermMonomials; m++)
        {
            int k = first + T.Index(operands.TermOf, m);
            T.Store(operands.Sums, k, T.Load(operands.Sums, k) + Derivative(m, traces, tangents));
        }

        for (int m = 0; m < operands.MonomialCount; m++) T.Store(operands.Sums, first + operands.Terms + m, PotentialGradient<TLink, T>.Value(operands, m, traces));
    }

    // d/dY Re M.
    private readonly T Derivative(int m, int traces, int tangents)
    {
        T re = T.Of(1), im = T.Of(0), dotRe = T.Of(0), dotIm = T.Of(0);
        for (int f = 0; f < PotentialOperands<T>.Factors; f++)
        {
            operands.Factor(m, f, traces, out T x, out T y);
            operands.FactorTangent(m, f, tangents, out T u, out T v);
            T nextRe = T.Fnma(dotIm, y, T.Fma(dotRe, x, T.Fnma(im, v, re * u)));
            dotIm = T.Fma(dotIm, x, T.Fma(dotRe, y, T.Fma(im, u, re * v)));
            dotRe = nextRe;
            T next = T.Fnma(im, y, re * x);
            im = T.Fma(im, x, re * y);
            re = next;
        }

        return dotRe;
    }
}
