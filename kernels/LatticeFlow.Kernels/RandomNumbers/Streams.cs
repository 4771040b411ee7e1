using LatticeFlow.Kernels.Lanes;
using LatticeFlow.Kernels.Memory;

namespace LatticeFlow.Kernels.RandomNumbers;

/// <summary>
/// The random numbers of a chain as kernels draw them: keyed by the replica and by the number that a site has on the whole lattice, whether lanes are
/// replicas or sub-lattices. A link draws the same numbers in both layouts and on every width of lanes.
/// </summary>
public struct Streams<T>
    where T : unmanaged, IReal64<T>
{
    /// <summary>The <see cref="StreamKey"/>.</summary>
    public Table Key;

    /// <summary>The number on the whole lattice of each site of the first sub-lattice. Read only where lanes are sub-lattices.</summary>
    public Table Sites;

    /// <summary>What each lane adds to it.</summary>
    public Table LaneSites;

    /// <summary>1 where the lanes of a tile are sub-lattices of one replica, 0 where they are replicas.</summary>
    public int Split;

    private StreamKey key;
    private T replicas;
    private T laneSites;

    /// <summary>The same streams, bound to a place.</summary>
    public readonly Streams<T> At(in Place place)
    {
        var bound = this;
        bound.key = StreamKey.From<T>(Key);
        if (Split == 0)
        {
            bound.replicas = bound.key.Replicas<T>(place);
            bound.laneSites = T.Word(0);
        }
        else
        {
            bound.replicas = T.Word(checked(bound.key.FirstReplica + (uint)place.Tile));
            bound.laneSites = T.Words(LaneSites, 0, place.Lane);
        }

        return bound;
    }

    /// <summary>The number of a site of the tile on the whole lattice, as a word of each lane.</summary>
    public readonly T Site(int site) => Split == 0 ? T.Word((uint)site) : T.AddWords(T.Word((uint)T.Index(Sites, site)), laneSites);

    /// <summary>The number of link μ of a site of the tile on the whole lattice, as a word of each lane.</summary>
    public readonly T Link(int link, int dimensions)
    {
        if (Split == 0) return T.Word((uint)link);
        int site = link / dimensions;
        return Item(site, dimensions, link - (site * dimensions));
    }

    /// <summary>Number <paramref name="k"/> of <paramref name="count"/> items of a site: site · count + k, as a word of each lane.</summary>
    public readonly T Item(int site, int count, int k) =>
        T.AddWords(T.LowWord(T.MultiplyWords(Site(site), T.Word((uint)count))), T.Word((uint)k));

    /// <summary>The four words of an item, from <see cref="Link"/> or <see cref="Item"/>; purpose and attempt as in <see cref="StreamKey"/>.</summary>
    public readonly Philox<T> Block(T items, int purpose, int attempt = 0) => key.Block(replicas, items, purpose, attempt);

    /// <summary>The four words of an item that a replica has one of: the same in all lanes of a replica.</summary>
    public readonly Philox<T> Block(int item, int purpose) => key.Block(replicas, item, purpose);
}
