using System.Numerics;
using LatticeFlow.Groups;
using LatticeFlow.Lattice;
using LatticeFlow.Tests.Groups;

namespace LatticeFlow.Tests;

/// <summary>Links as plain complex matrices, with products along paths: what observables are compared with.</summary>
internal sealed class MatrixField(LatticeGeometry lattice, GaugeGroup group, Func<int, int, ComplexMatrix> link)
{
    private readonly ComplexMatrix[] links = [.. Enumerable.Range(0, lattice.Links).Select(l => link(l / lattice.Dimensions, l % lattice.Dimensions))];

    public LatticeGeometry Lattice => lattice;

    public GaugeGroup Group => group;

    /// <summary>The numbers of a field, <c>[link][component]</c>.</summary>
    public double[] Numbers
    {
        get
        {
            var numbers = new double[lattice.Links * group.Components];
            var matrix = new double[2 * group.Order * group.Order];
            for (int l = 0; l < links.Length; l++)
            {
                for (int i = 0; i < group.Order * group.Order; i++)
                {
                    var entry = links[l][i / group.Order, i % group.Order];
                    (matrix[2 * i], matrix[(2 * i) + 1]) = (entry.Real, entry.Imaginary);
                }

                group.FromMatrix(matrix, numbers.AsSpan(l * group.Components, group.Components));
            }

            return numbers;
        }
    }

    public ComplexMatrix this[int site, int mu] => links[lattice.Link(site, mu)];

    /// <summary>e^{iH} with H Hermitian, traceless but for U(1), and entries of the given size.</summary>
    public static ComplexMatrix RandomElement(GaugeGroup group, Random random, double size)
    {
        int order = group.Order;
        var any = ComplexMatrix.Of(order, (_, _) => new Complex(Uniform(), Uniform()));
        var hermitian = 0.5 * size * (any + any.Adjoint);
        return ComplexMatrix.Exponential(Complex.ImaginaryOne * (group == GaugeGroup.U1 ? hermitian : hermitian - (hermitian.Trace / order * ComplexMatrix.One(order))));

        double Uniform() => (2 * random.NextDouble()) - 1;
    }

    /// <summary>Every link e^{iH} of the given size.</summary>
    public static MatrixField Random(LatticeGeometry lattice, GaugeGroup group, int seed, double size)
    {
        var random = new Random(seed);
        return new(lattice, group, (_, _) => RandomElement(group, random, size));
    }

    /// <summary>diag(e^{iθ}, e^{−iθ}, 1, …): an Abelian field in SU(N), or e^{iθ} in U(1).</summary>
    public static MatrixField Abelian(LatticeGeometry lattice, GaugeGroup group, Func<int, int, double> angle) => new(lattice, group, (site, mu) => ComplexMatrix.Of(
        group.Order, (i, j) => i != j ? 0 : Complex.FromPolarCoordinates(1, i == 0 ? angle(site, mu) : i == 1 ? -angle(site, mu) : 0)));

    /// <summary>The links of a field as it is on a device.</summary>
    public static MatrixField Of(LatticeGeometry lattice, GaugeGroup group, double[] numbers) => new(lattice, group, (site, mu) =>
    {
        var matrix = new double[2 * group.Order * group.Order];
        group.ToMatrix(numbers.AsSpan(lattice.Link(site, mu) * group.Components, group.Components), matrix);
        return ComplexMatrix.Of(group.Order, (i, j) => new Complex(matrix[2 * ((i * group.Order) + j)], matrix[(2 * ((i * group.Order) + j)) + 1]));
    });

    /// <summary>g(x) U_μ(x) g(x + μ)†.</summary>
    public MatrixField Transformed(int seed)
    {
        var random = new Random(seed);
        ComplexMatrix[] gauge = [.. Enumerable.Range(0, lattice.Volume).Select(_ => RandomElement(group, random, 3))];
        return new(lattice, group, (site, mu) => gauge[site] * this[site, mu] * gauge[lattice.Neighbour(site, mu)].Adjoint);
    }

    /// <summary>The product of the links along steps ±(μ + 1) from a site.</summary>
    public ComplexMatrix Path(int site, params ReadOnlySpan<int> steps)
    {
        var product = ComplexMatrix.One(group.Order);
        foreach (int step in steps)
        {
            int mu = Math.Abs(step) - 1;
            if (step < 0) site = lattice.Neighbour(site, mu, -1);
            product *= step > 0 ? this[site, mu] : this[site, mu].Adjoint;
            if (step > 0) site = lattice.Neighbour(site, mu);
        }

        return product;
    }

    /// <summary>F_μν of the clover, Hermitian and (SU(N)) traceless.</summary>
    public ComplexMatrix FieldStrength(int site, int mu, int nu)
    {
        int m = mu + 1, n = nu + 1;
        var sum = Path(site, m, n, -m, -n) + Path(site, n, -m, -n, m) + Path(site, -m, -n, m, n) + Path(site, -n, m, n, -m);
        var field = new Complex(0, -1.0 / 8) * (sum - sum.Adjoint);
        return group == GaugeGroup.U1 ? field : field - (field.Trace / group.Order * ComplexMatrix.One(group.Order));
    }

    /// <summary>Σ of the paths that close plaquettes around a link, from x + μ to x, in the planes that are chosen.</summary>
    public ComplexMatrix Staples(int site, int mu, Func<int, bool> chosen)
    {
        var sum = new ComplexMatrix(group.Order);
        int from = lattice.Neighbour(site, mu), m = mu + 1;
        for (int nu = 0; nu < lattice.Dimensions; nu++)
        {
            int n = nu + 1;
            if (nu != mu && chosen(nu)) sum = sum + Path(from, n, -m, -n) + Path(from, -n, -m, n);
        }

        return sum;
    }
}
