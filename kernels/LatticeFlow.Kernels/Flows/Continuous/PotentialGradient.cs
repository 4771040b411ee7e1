using LatticeFlow.Kernels.Groups;
using LatticeFlow.Kernels.Lanes;
using LatticeFlow.Kernels.Memory;

namespace LatticeFlow.Kernels.Flows;

/// <summary>The gradient of a potential by its letters, and where the density is asked for −Lap S̃ of the site, see <see cref="PotentialOperands{T}"/>. An item is a site.</summary>
/// <remarks>
/// Floor of SU(3): 198 flop a node and twice that backwards, 72 a trace and twice 72 backwards, 198 a letter; the slots of a site, 72 B a matrix and lane in single precision, stay in the second-level cache.
/// </remarks>
public struct PotentialGradient<TLink, T> : IKernel
    where TLink : unmanaged, ILink<TLink, T>
    where T : unmanaged, IReal<T>
{
    private PotentialOperands<T> operands;

    /// <summary>The kernel of these operands; items = sites.</summary>
    public PotentialGradient(in PotentialOperands<T> operands) => this.operands = operands;

    /// <inheritdoc/>
    public void Bind(in Place place) => operands = operands.At(place);

    /// <inheritdoc/>
    public readonly void Execute(int item)
    {
        var site = new PotentialSite<TLink, T>(operands, item);
        site.FindValues();
        int traces = site.Traces, cotangents = traces + operands.TraceCount;
        if (operands.DensityWeight != 0)
        {
            T laplacian = T.Of(0);
            for (int m = 0; m < operands.MonomialCount; m++) laplacian = T.Fma(T.Uniform(operands.Coefficients, operands.TermMonomials + m), Value(operands, m, traces), laplacian);
            T.Store(operands.Divergences, item, -laplacian);
        }

        site.ClearTraces(cotangents);
        for (int m = 0; m < operands.TermMonomials; m++) AddMonomial(operands, m, T.Uniform(operands.Coefficients, m), traces, cotangents);
        site.Clear(site.Cotangents, operands.SlotCount);
        site.AddTraces(cotangents, site.First, site.Cotangents);
        for (int n = operands.NodeCount - 1; n >= 0; n--) site.AddNode(n, site.Cotangents, site.First, site.Cotangents);
        site.JoinAdjoints(site.Cotangents);
        for (int l = 0; l < operands.LetterCount; l++)
        {
            for (int a = 0; a < TLink.Generators; a++) T.Store(operands.Gradients, (((item * operands.LetterCount) + l) * TLink.Generators) + a, T.Of(0));
            site.AddGradient(l, site.First, site.Cotangents, operands.Gradients);
        }
    }

    /// <summary>Re M.</summary>
    internal static T Value(in PotentialOperands<T> operands, int monomial, int traces)
    {
        operands.Factor(monomial, 0, traces, out T re, out T im);
        for (int f = 1; f < PotentialOperands<T>.Factors; f++)
        {
            if (T.Index(operands.Monomials, (PotentialOperands<T>.Factors * monomial) + f) == 0) break;
            operands.Factor(monomial, f, traces, out T x, out T y);
            T product = T.Fnma(im, y, re * x);
            im = T.Fma(im, x, re * y);
            re = product;
        }

        return re;
    }

    /// <summary>Adds the cotangents of the traces of c Re M.</summary>
    internal static void AddMonomial(in PotentialOperands<T> operands, int monomial, T coefficient, int traces, int cotangents)
    {
        operands.Factor(monomial, 0, traces, out T x0, out T y0);
        operands.Factor(monomial, 1, traces, out T x1, out T y1);
        operands.Factor(monomial, 2, traces, out T x2, out T y2);
        operands.AddCotangent(monomial, 0, cotangents, coefficient * T.Fnma(y1, y2, x1 * x2), coefficient * T.Fma(y1, x2, x1 * y2));
        operands.AddCotangent(monomial, 1, cotangents, coefficient * T.Fnma(y0, y2, x0 * x2), coefficient * T.Fma(y0, x2, x0 * y2));
        operands.AddCotangent(monomial, 2, cotangents, coefficient * T.Fnma(y0, y1, x0 * x1), coefficient * T.Fma(y0, x1, x0 * y1));
    }
}
