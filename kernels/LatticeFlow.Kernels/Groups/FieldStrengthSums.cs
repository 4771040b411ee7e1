using LatticeFlow.Kernels.Fields;
using LatticeFlow.Kernels.Lanes;
using LatticeFlow.Kernels.Memory;

namespace LatticeFlow.Kernels.Groups;

/// <summary>Parts[FirstItem + item] = Σ_x Σ_{μ&lt;ν} F^a_μν F^a_μν and, in four dimensions, Σ_x [F^a_01 F^a_23 − F^a_02 F^a_13 + F^a_03 F^a_12] over chunk FirstItem + item of sites x.</summary>
public struct FieldStrengthSums<T> : IKernel
    where T : unmanaged, IReal<T>
{
    /// <summary>Sums of a chunk: the squares, the products with the dual.</summary>
    public const int Components = 2;

    /// <summary>F^a_μν, <c>[site][plane][a]</c>.</summary>
    public Reals<T> Fields;

    /// <summary>Partial sums of all chunks of the lattice.</summary>
    public Sums Parts;

    /// <summary>The chunk of the lattice that the first chunk of the part is.</summary>
    public int FirstItem;

    /// <summary>Sites of the part, of a lane.</summary>
    public int Sites;

    /// <summary>Planes of the lattice.</summary>
    public int Planes;

    /// <summary>Pairs of planes without a common direction: 3 in four dimensions, else 0. Plane p is paired with plane Planes − 1 − p.</summary>
    public int Pairs;

    /// <summary>Numbers a of a plane.</summary>
    public int Generators;

    /// <inheritdoc/>
    public void Bind(in Place place)
    {
        Fields = Fields.At(place);
        Parts = Parts.At<T>(place);
    }

    /// <inheritdoc/>
    public readonly void Execute(int item)
    {
        T squares = T.Of(0);
        T products = T.Of(0);
        int end = Chunk.End(item, Sites);
        for (int site = Chunk.First(item); site < end; site++)
        {
            for (int plane = 0; plane < Planes; plane++)
            {
                T sign = T.Of(plane == 1 ? -1 : 1);
                for (int a = 0; a < Generators; a++)
                {
                    T field = T.Load(Fields, (((site * Planes) + plane) * Generators) + a);
                    squares = T.Fma(field, field, squares);
                    if (plane < Pairs) products = T.Fma(sign * field, T.Load(Fields, (((site * Planes) + Planes - 1 - plane) * Generators) + a), products);
                }
            }
        }

        T.StoreTo(Parts, Components * (FirstItem + item), squares);
        T.StoreTo(Parts, (Components * (FirstItem + item)) + 1, products);
    }
}
