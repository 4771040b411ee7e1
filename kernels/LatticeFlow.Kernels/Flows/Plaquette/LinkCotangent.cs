using LatticeFlow.Kernels.Lanes;
using LatticeFlow.Kernels.Memory;

namespace LatticeFlow.Kernels.Flows;

/// <summary>dL/dθ_l ← s₀ dL/dθ_l + s Σ_{P ∋ l} ± dL/dP over the plaquettes that hold link l. An item is a link.</summary>
public struct LinkCotangent<T> : IKernel
    where T : unmanaged, IReal<T>
{
    private readonly Table plaquettesOfLinks;
    private readonly int perLink;
    private readonly double sign;
    private readonly int kept;
    private Reals<T> links;
    private Reals<T> plaquettes;

    /// <summary>The kernel; s = <paramref name="sign"/>, s₀ = 1 where <paramref name="add"/> is set, else 0; items = links.</summary>
    /// <param name="links">dL/dθ, <c>[link]</c>.</param>
    /// <param name="plaquettes">dL/dP, <c>[plaquette]</c>.</param>
    /// <param name="plaquettesOfLinks">See <c>PlaquetteTable.OfLinks</c>.</param>
    /// <param name="perLink">Plaquettes of a link, 2(D−1).</param>
    /// <param name="sign">s.</param>
    /// <param name="add">Whether to add to what stands there.</param>
    public LinkCotangent(Reals<T> links, Reals<T> plaquettes, Table plaquettesOfLinks, int perLink, double sign, bool add)
    {
        this.links = links;
        this.plaquettes = plaquettes;
        this.plaquettesOfLinks = plaquettesOfLinks;
        this.perLink = perLink;
        this.sign = sign;
        kept = add ? 1 : 0;
    }

    /// <inheritdoc/>
    public void Bind(in Place place)
    {
        links = links.At(place);
        plaquettes = plaquettes.At(place);
    }

    /// <inheritdoc/>
    public void Execute(int item)
    {
        T sum = T.Of(0.0);
        for (int k = 0; k < perLink; k++)
        {
            int p = T.Index(plaquettesOfLinks, (item * perLink) + k);
            sum = p >= 0 ? sum + T.Load(plaquettes, p) : sum - T.Load(plaquettes, -1 - p);
        }

        sum *= T.Of(sign);
        T.Store(links, item, kept != 0 ? T.Load(links, item) + sum : sum);
    }
}
