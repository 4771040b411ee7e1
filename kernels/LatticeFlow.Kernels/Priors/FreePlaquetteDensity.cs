using LatticeFlow.Kernels.Flows;
using LatticeFlow.Kernels.Functions;
using LatticeFlow.Kernels.Lanes;
using LatticeFlow.Kernels.Memory;

namespace LatticeFlow.Kernels.Priors;

/// <summary>The operands of the density of the free-plaquette prior.</summary>
public struct FreePlaquetteOperands<T>
    where T : unmanaged, IReal<T>
{
    /// <summary>θ, <c>[link]</c>.</summary>
    public Reals<T> Links;

    /// <summary>κ cos F, <c>[plaquette]</c>.</summary>
    public Reals<T> Terms;

    /// <summary>∂ log r/∂F, <c>[plaquette]</c>.</summary>
    public Reals<T> Derivatives;

    /// <summary>The smallest κ cos F, and Σ exp(smallest − κ cos F).</summary>
    public Reals<T> Sum;

    /// <summary>log q and S.</summary>
    public Sums Totals;

    /// <summary>See <c>PlaquetteTable.Links</c>.</summary>
    public Table PlaquetteLinks;

    /// <summary>Plaquettes of the lattice.</summary>
    public int PlaquetteCount;

    /// <summary>κ.</summary>
    public double Concentration;

    /// <summary>−(V−1) ln I₀(κ) − ln V.</summary>
    public double LogNormalisation;

    /// <summary>The same operands, bound to a place.</summary>
    public readonly FreePlaquetteOperands<T> At(in Place place)
    {
        var bound = this;
        bound.Links = Links.At(place);
        bound.Terms = Terms.At(place);
        bound.Derivatives = Derivatives.At(place);
        bound.Sum = Sum.At(place);
        bound.Totals = Totals.At<T>(place);
        return bound;
    }
}

/// <summary>κ cos F and −κ sin F of every plaquette. An item is a plaquette.</summary>
public struct FreePlaquetteTerms<T> : IKernel
    where T : unmanaged, IReal<T>
{
    private FreePlaquetteOperands<T> operands;

    /// <summary>The kernel of these operands; items = plaquettes.</summary>
    public FreePlaquetteTerms(FreePlaquetteOperands<T> operands) => this.operands = operands;

    /// <inheritdoc/>
    public void Bind(in Place place) => operands = operands.At(place);

    /// <inheritdoc/>
    public void Execute(int item)
    {
        T angle = T.Load(operands.Links, T.Index(operands.PlaquetteLinks, 4 * item)) + T.Load(operands.Links, T.Index(operands.PlaquetteLinks, (4 * item) + 1))
            - T.Load(operands.Links, T.Index(operands.PlaquetteLinks, (4 * item) + 2)) - T.Load(operands.Links, T.Index(operands.PlaquetteLinks, (4 * item) + 3));
        Trigonometry.SinCos(angle, out T sin, out T cos);
        T.Store(operands.Terms, item, T.Of(operands.Concentration) * cos);
        T.Store(operands.Derivatives, item, T.Of(-operands.Concentration) * sin);
    }
}

/// <summary>
/// Adds log r = Σ_p κ cos F_p + ln Σ_p e^{−κ cos F_p} − (V−1) ln I₀(κ) − ln V to log q: the density of V−1 independent plaquettes and a free one,
/// averaged over the place of the free one. One item.
/// </summary>
public struct FreePlaquetteTotal<T> : IKernel
    where T : unmanaged, IReal<T>
{
    private FreePlaquetteOperands<T> operands;

    /// <summary>The kernel of these operands; one item.</summary>
    public FreePlaquetteTotal(FreePlaquetteOperands<T> operands) => this.operands = operands;

    /// <inheritdoc/>
    public void Bind(in Place place) => operands = operands.At(place);

    /// <inheritdoc/>
    public void Execute(int item)
    {
        T smallest = T.Load(operands.Terms, 0);
        for (int p = 1; p < operands.PlaquetteCount; p++) smallest = T.Min(smallest, T.Load(operands.Terms, p));
        T sum = T.Of(0.0);
        for (int p = 0; p < operands.PlaquetteCount; p++)
        {
            T term = T.Load(operands.Terms, p);
            sum += Exponential.Exp(smallest - term);
            T.AddTo(operands.Totals, FlowTotals.LogDensity, term);
        }

        T.AddTo(operands.Totals, FlowTotals.LogDensity, Logarithm.Log(sum) - smallest);
        T.AddTo(operands.Totals, FlowTotals.LogDensity, T.Of(operands.LogNormalisation));
        T.Store(operands.Sum, 0, smallest);
        T.Store(operands.Sum, 1, sum);
    }
}

/// <summary>∂ log r/∂F_p = −κ sin F_p (1 − e^{−κ cos F_p} / Σ_x e^{−κ cos F_x}). An item is a plaquette.</summary>
public struct FreePlaquetteGradient<T> : IKernel
    where T : unmanaged, IReal<T>
{
    private FreePlaquetteOperands<T> operands;

    /// <summary>The kernel of these operands; items = plaquettes.</summary>
    public FreePlaquetteGradient(FreePlaquetteOperands<T> operands) => this.operands = operands;

    /// <inheritdoc/>
    public void Bind(in Place place) => operands = operands.At(place);

    /// <inheritdoc/>
    public void Execute(int item)
    {
        T share = Exponential.Exp(T.Load(operands.Sum, 0) - T.Load(operands.Terms, item)) / T.Load(operands.Sum, 1);
        T derivative = T.Load(operands.Derivatives, item);
        T.Store(operands.Derivatives, item, T.Fnma(derivative, share, derivative));
    }
}
