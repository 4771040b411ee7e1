using LatticeFlow.Kernels.Lanes;
using LatticeFlow.Kernels.Memory;

namespace LatticeFlow.Kernels.Flows;

/// <summary>Σ over the sites of what <see cref="PotentialHessian{TLink, T}"/> leaves for parameters. An item is a term or a monomial.</summary>
public struct PotentialSums<T> : IKernel
    where T : unmanaged, IReal<T>
{
    private readonly int sites;
    private readonly int count;
    private Reals<T> parts;
    private Reals<T> sums;

    /// <summary>The kernel; items = terms and monomials.</summary>
    public PotentialSums(Reals<T> parts, Reals<T> sums, int sites, int count)
    {
        this.parts = parts;
        this.sums = sums;
        this.sites = sites;
        this.count = count;
    }

    /// <inheritdoc/>
    public void Bind(in Place place)
    {
        parts = parts.At(place);
        sums = sums.At(place);
    }

    /// <inheritdoc/>
    public readonly void Execute(int item)
    {
        T sum = T.Of(0);
        for (int x = 0; x < sites; x++) sum += T.Load(parts, (x * count) + item);
        T.Store(sums, item, sum);
    }
}

/// <summary>dL/dc of a term, −(Y · ∂M + y Lap M) of its monomials M, times the splines of the time: added to its coefficients. An item is a term.</summary>
public struct PotentialParameters<T> : IKernel
    where T : unmanaged, IReal<T>
{
    private readonly int splines;
    private PotentialOperands<T> operands;
    private Reals<T> sums;
    private Reals<T> gradient;
    private Reals<T> values;
    private Reals<T> laplacians;
    private Table starts;
    private Table monomials;

    /// <summary>The kernel; items = terms.</summary>
    /// <param name="operands">The potential.</param>
    /// <param name="sums">Of terms and monomials.</param>
    /// <param name="gradient">dL/dparameters, <c>[term][spline]</c>.</param>
    /// <param name="values">The splines at the time, shared.</param>
    /// <param name="laplacians">Lap of a term in monomials: the coefficients, shared.</param>
    /// <param name="starts">Where the coefficients of each term begin, one more than there are terms.</param>
    /// <param name="monomials">Their monomials.</param>
    /// <param name="splines">Splines.</param>
    public PotentialParameters(in PotentialOperands<T> operands, Reals<T> sums, Reals<T> gradient, Reals<T> values, Reals<T> laplacians, Table starts, Table monomials, int splines)
    {
        this.operands = operands;
        this.sums = sums;
        this.gradient = gradient;
        this.values = values;
        this.laplacians = laplacians;
        this.starts = starts;
        this.monomials = monomials;
        this.splines = splines;
    }

    /// <inheritdoc/>
    public void Bind(in Place place)
    {
        operands = operands.At(place);
        sums = sums.At(place);
        gradient = gradient.At(place);
    }

    /// <inheritdoc/>
    public readonly void Execute(int item)
    {
        T laplacian = T.Of(0);
        int end = T.Index(starts, item + 1);
        for (int k = T.Index(starts, item); k < end; k++) laplacian = T.Fma(T.Uniform(laplacians, k), T.Load(sums, operands.Terms + T.Index(monomials, k)), laplacian);
        T weight = T.Of(operands.DensityCotangent * operands.DensityWeight) * T.Load(operands.ReplicaWeight, 0);
        T derivative = -T.Fma(weight, laplacian, T.Load(sums, item));
        for (int s = 0; s < splines; s++)
        {
            int e = (item * splines) + s;
            T.Store(gradient, e, T.Fma(T.Uniform(values, s), derivative, T.Load(gradient, e)));
        }
    }
}
