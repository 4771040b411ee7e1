using LatticeFlow.Kernels.Groups;
using LatticeFlow.Kernels.Lanes;
using LatticeFlow.Kernels.Memory;

namespace LatticeFlow.Kernels.Flows;

/// <summary>
/// X = U M + Σ_j W_j B_j + Σ_j (ρ_j + i ι_j) W_j of one link U, W_j = U V_j: B_j = Σ_k s_jk W_k, ρ_j = Σ_k r_jk Re tr W_k, ι_j = Σ_k i_jk Im tr W_k with symmetric coefficients: those of one
/// plaquette on the diagonal, those of pairs off it.
/// </summary>
/// <remarks>W_j and their traces are kept in a work field.</remarks>
internal readonly struct StapleExponent<TLink, T>
    where TLink : unmanaged, ILink<TLink, T>
    where T : unmanaged, IReal<T>
{
    private readonly StapleOperands<T> operands;
    private readonly int item;
    private readonly Reals<T> plaquettes;
    private readonly Reals<T> traces;

    /// <summary>The exponent of an active link, with <see cref="Elements"/> numbers of the work field from <paramref name="first"/> on.</summary>
    public StapleExponent(in StapleOperands<T> operands, int item, int first)
    {
        this.operands = operands;
        this.item = item;
        plaquettes = operands.Paths.Work.From(first);
        traces = operands.Paths.Work.From(first + (operands.Paired * TLink.MatrixComponents));
    }

    /// <summary>Numbers of the work field.</summary>
    public static int Elements(int staples) => staples * (TLink.MatrixComponents + 2);

    /// <summary>x = X; <paramref name="sum"/> is spare.</summary>
    public void Find(in TLink link, ref TLink x, ref TLink sum)
    {
        for (int j = 0; j < operands.Paired; j++)
        {
            var product = TLink.OpenMatrix(plaquettes, j);
            TLink.Multiply(link, TLink.Open(operands.Paths.Values, operands.Staple(item, j)), ref product);
            TLink.StoreMatrix(plaquettes, j, product);
            TLink.Trace(product, out T re, out T im);
            T.Store(traces, 2 * j, re);
            T.Store(traces, (2 * j) + 1, im);
        }

        TLink.Multiply(link, TLink.OpenMatrix(operands.Sums, item), ref x);
        for (int j = 0; j < operands.Paired; j++)
        {
            TLink.SetZero(ref sum);
            for (int k = 0; k < operands.Paired; k++)
            {
                if (j != k || operands.Terms.Square >= 0) TLink.AddScaled(Product(j, k), Plaquette(k), ref sum);
            }

            TLink.AddMultiply(Plaquette(j), sum, ref x);
            if (operands.Terms.HasTraces) TLink.AddScaledComplex(Rho(j), Iota(j), Plaquette(j), ref x);
        }
    }

    /// <summary>W_j.</summary>
    public TLink Plaquette(int j) => TLink.OpenMatrix(plaquettes, j);

    /// <summary>Re tr W_j.</summary>
    public T TraceRe(int j) => T.Load(traces, 2 * j);

    /// <summary>Im tr W_j.</summary>
    public T TraceIm(int j) => T.Load(traces, (2 * j) + 1);

    /// <summary>The term of s_jk, −1 where there is none.</summary>
    public int ProductTerm(int j, int k) => j == k ? operands.Terms.Square : operands.Terms.ClassOf(j, k) + StapleTerms.Cross;

    /// <summary>The term of r_jk.</summary>
    public int RealTerm(int j, int k) => j == k ? operands.Terms.RealTrace : operands.Terms.ClassOf(j, k) + StapleTerms.CrossReal;

    /// <summary>The term of i_jk.</summary>
    public int ImaginaryTerm(int j, int k) => j == k ? operands.Terms.ImaginaryTrace : operands.Terms.ClassOf(j, k) + StapleTerms.CrossImaginary;

    /// <summary>s_jk; 0 where there is no such term.</summary>
    public T Product(int j, int k)
    {
        int term = ProductTerm(j, k);
        return term < 0 ? T.Of(0) : operands.Coefficient(item, term);
    }

    /// <summary>r_jk, of groups with traces.</summary>
    public T Real(int j, int k) => operands.Coefficient(item, RealTerm(j, k));

    /// <summary>i_jk, of groups with imaginary parts of traces.</summary>
    public T Imaginary(int j, int k) => operands.Coefficient(item, ImaginaryTerm(j, k));

    /// <summary>ρ_j.</summary>
    public T Rho(int j)
    {
        T sum = T.Of(0);
        for (int k = 0; k < operands.Paired; k++) sum = T.Fma(Real(j, k), TraceRe(k), sum);
        return sum;
    }

    /// <summary>ι_j; 0 where traces are real.</summary>
    public T Iota(int j)
    {
        T sum = T.Of(0);
        if (!operands.Terms.HasImaginary) return sum;
        for (int k = 0; k < operands.Paired; k++) sum = T.Fma(Imaginary(j, k), TraceIm(k), sum);
        return sum;
    }
}
