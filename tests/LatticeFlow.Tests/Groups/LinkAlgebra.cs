using System.Numerics;

namespace LatticeFlow.Tests.Groups;

/// <summary>A gauge group as the tests know it: explicit generators, and what the numbers of a link in a field mean.</summary>
public sealed class LinkAlgebra
{
    private static readonly Complex I = Complex.ImaginaryOne;

    private LinkAlgebra(int order, int components, IReadOnlyList<ComplexMatrix> generators, Func<double[], ComplexMatrix> matrix)
    {
        Order = order;
        Components = components;
        Generators = generators;
        Matrix = matrix;
        Subgroups = [.. Enumerable.Range(0, order).SelectMany(i => Enumerable.Range(i + 1, order - i - 1).Select(j => (i, j)))];
    }

    /// <summary>N.</summary>
    public int Order { get; }

    /// <summary>Reals of a link in a field.</summary>
    public int Components { get; }

    /// <summary>T_a.</summary>
    public IReadOnlyList<ComplexMatrix> Generators { get; }

    /// <summary>The matrix that the numbers of a field stand for.</summary>
    public Func<double[], ComplexMatrix> Matrix { get; }

    /// <summary>Rows (i, j) of the SU(2) subgroups in lexicographic order.</summary>
    public IReadOnlyList<(int I, int J)> Subgroups { get; }

    /// <summary>Whether links have determinant 1.</summary>
    public bool Special => Order > 1;

    /// <summary>U(1): one angle, the generator 1.</summary>
    public static LinkAlgebra Circle() => new(1, 1, [ComplexMatrix.One(1)], numbers => ComplexMatrix.Of(1, (_, _) => Complex.FromPolarCoordinates(1, numbers[0])));

    /// <summary>SU(2) as quaternions: a0 + i a·σ, generators σ_a/2.</summary>
    public static LinkAlgebra Quaternions() => new(2, 4, GellMann(2), numbers => ComplexMatrix.Of(2, (i, j) => (i, j) switch
    {
        (0, 0) => new(numbers[0], numbers[3]),
        (0, 1) => new(numbers[2], numbers[1]),
        (1, 0) => new(-numbers[2], numbers[1]),
        _ => new(numbers[0], -numbers[3]),
    }));

    /// <summary>SU(N) as 2N² reals, row-major, with the generators of <see cref="GellMann"/>.</summary>
    public static LinkAlgebra Matrices(int order) => new(order, 2 * order * order, GellMann(order), numbers => ComplexMatrix.Of(order, (i, j) =>
    {
        int e = 2 * ((i * order) + j);
        return new(numbers[e], numbers[e + 1]);
    }));

    /// <summary>
    /// λ_a/2 in the standard order, for any N: column by column j = 1 … N − 1, first the symmetric and antisymmetric pair of every row i &lt; j, then the
    /// diagonal one of j. For N = 3 these are Gell-Mann's eight.
    /// </summary>
    public static IReadOnlyList<ComplexMatrix> GellMann(int order)
    {
        List<ComplexMatrix> generators = [];
        for (int j = 1; j < order; j++)
        {
            for (int i = 0; i < j; i++)
            {
                ComplexMatrix symmetric = new(order), antisymmetric = new(order);
                symmetric[i, j] = symmetric[j, i] = 0.5;
                antisymmetric[i, j] = -0.5 * I;
                antisymmetric[j, i] = 0.5 * I;
                generators.AddRange([symmetric, antisymmetric]);
            }

            double norm = 1 / Math.Sqrt(2.0 * j * (j + 1));
            int last = j;
            generators.Add(ComplexMatrix.Of(order, (r, c) => r != c || r > last ? 0 : r == last ? -last * norm : norm));
        }

        return generators;
    }

    /// <summary>Σ p_a T_a.</summary>
    public ComplexMatrix Sum(double[] p) => p.Select((value, a) => value * Generators[a]).Aggregate((x, y) => x + y);

    /// <summary>(w − w†)/2, without its trace for SU(N).</summary>
    public ComplexMatrix Projected(ComplexMatrix w)
    {
        var anti = 0.5 * (w - w.Adjoint);
        return Special ? anti - (anti.Trace / Order * ComplexMatrix.One(Order)) : anti;
    }

    /// <summary>g0 + i g·σ in rows and columns i, j of a subgroup, 1 elsewhere.</summary>
    public ComplexMatrix Embedded(int subgroup, double[] g)
    {
        var (i, j) = Subgroups[subgroup];
        var matrix = ComplexMatrix.One(Order);
        matrix[i, i] = new(g[0], g[3]);
        matrix[i, j] = new(g[2], g[1]);
        matrix[j, i] = new(-g[2], g[1]);
        matrix[j, j] = new(g[0], -g[3]);
        return matrix;
    }
}
