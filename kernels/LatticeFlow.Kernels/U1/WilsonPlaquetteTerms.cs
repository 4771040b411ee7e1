using LatticeFlow.Kernels.Functions;
using LatticeFlow.Kernels.Lanes;
using LatticeFlow.Kernels.Memory;

namespace LatticeFlow.Kernels.U1;

/// <summary>
/// −β cos θ_P and its derivative β sin θ_P by the plaquette angle: the terms of the Wilson action S = −β Σ_P cos θ_P. An item is a plaquette.
/// </summary>
public struct WilsonPlaquetteTerms<T> : IKernel
    where T : unmanaged, IReal<T>
{
    private readonly Table plaquetteLinks;
    private readonly Reals<T> beta;
    private Reals<T> links;
    private Reals<T> terms;
    private Reals<T> derivatives;

    /// <summary>The kernel; β is the first number of a shared field; items = plaquettes.</summary>
    public WilsonPlaquetteTerms(Reals<T> links, Reals<T> terms, Reals<T> derivatives, Table plaquetteLinks, Reals<T> beta)
    {
        this.links = links;
        this.terms = terms;
        this.derivatives = derivatives;
        this.plaquetteLinks = plaquetteLinks;
        this.beta = beta;
    }

    /// <inheritdoc/>
    public void Bind(in Place place)
    {
        links = links.At(place);
        terms = terms.At(place);
        derivatives = derivatives.At(place);
    }

    /// <inheritdoc/>
    public void Execute(int item)
    {
        T angle = T.Load(links, T.Index(plaquetteLinks, 4 * item)) + T.Load(links, T.Index(plaquetteLinks, (4 * item) + 1))
            - T.Load(links, T.Index(plaquetteLinks, (4 * item) + 2)) - T.Load(links, T.Index(plaquetteLinks, (4 * item) + 3));
        Trigonometry.SinCos(angle, out T sin, out T cos);
        T strength = T.Uniform(beta, 0);
        T.Store(terms, item, -(strength * cos));
        T.Store(derivatives, item, strength * sin);
    }
}
