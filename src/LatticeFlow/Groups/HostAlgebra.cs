using System.Numerics;

namespace LatticeFlow.Groups;

/// <summary>Group elements and their algebra on the host, one element at a time: for checks, where plain formulas count and speed does not.</summary>
internal sealed class HostAlgebra
{
    private const int SeriesTerms = 24;
    private readonly GaugeGroup group;
    private readonly int order;
    private readonly Complex[][] generators;

    /// <summary>The algebra of a group, with the generators of <c>docs/conventions.md</c>: tr T_a T_b = ½ δ_ab; of U(1) the one generator is 1.</summary>
    public HostAlgebra(GaugeGroup group)
    {
        this.group = group;
        order = group.Order;
        generators = Generators(order);
    }

    /// <summary>element ← e^{i ω_a T_a} element.</summary>
    public void Retract(Span<double> element, ReadOnlySpan<double> tangent)
    {
        var exponent = new Complex[order * order];
        for (int a = 0; a < generators.Length; a++)
        {
            for (int i = 0; i < exponent.Length; i++) exponent[i] += Complex.ImaginaryOne * tangent[a] * generators[a][i];
        }

        Write(Product(Exponential(exponent), Read(element)), element);
    }

    /// <summary>ω with a = e^{i ω_a T_a} b, for elements next to each other: ω_a = 2 Im tr(T_a a b†), right up to third order; of U(1) Im a b*.</summary>
    public void Difference(ReadOnlySpan<double> a, ReadOnlySpan<double> b, Span<double> tangent)
    {
        var ratio = Product(Read(a), Adjoint(Read(b)));
        for (int k = 0; k < generators.Length; k++)
        {
            var product = Product(generators[k], ratio);
            double trace = 0;
            for (int i = 0; i < order; i++) trace += product[(i * order) + i].Imaginary;
            tangent[k] = order == 1 ? trace : 2 * trace;
        }
    }

    /// <summary>element ← left · element · right†.</summary>
    public void Transform(ReadOnlySpan<double> left, Span<double> element, ReadOnlySpan<double> right) =>
        Write(Product(Product(Read(left), Read(element)), Adjoint(Read(right))), element);

    private static Complex[][] Generators(int order)
    {
        if (order == 1) return [[Complex.One]];
        List<Complex[]> all = [];
        for (int j = 1; j < order; j++)
        {
            for (int i = 0; i < j; i++)
            {
                var symmetric = new Complex[order * order];
                symmetric[(i * order) + j] = symmetric[(j * order) + i] = 0.5;
                var antisymmetric = new Complex[order * order];
                antisymmetric[(i * order) + j] = -0.5 * Complex.ImaginaryOne;
                antisymmetric[(j * order) + i] = 0.5 * Complex.ImaginaryOne;
                all.Add(symmetric);
                all.Add(antisymmetric);
            }

            var diagonal = new Complex[order * order];
            double norm = 1 / Math.Sqrt(2.0 * j * (j + 1));
            for (int i = 0; i < j; i++) diagonal[(i * order) + i] = norm;
            diagonal[(j * order) + j] = -j * norm;
            all.Add(diagonal);
        }

        return [.. all];
    }

    // By the series of a small fraction, squared again.
    private Complex[] Exponential(Complex[] exponent)
    {
        double norm = Math.Sqrt(exponent.Sum(x => (x.Real * x.Real) + (x.Imaginary * x.Imaginary)));
        int halvings = Math.Max(0, (int)Math.Ceiling(Math.Log2(Math.Max(norm, 1e-300))) + 1);
        var small = exponent.Select(x => x / Math.Pow(2, halvings)).ToArray();
        var sum = One();
        for (int term = SeriesTerms; term >= 1; term--)
        {
            sum = Product(small, sum).Select(x => x / term).ToArray();
            for (int i = 0; i < order; i++) sum[(i * order) + i] += 1;
        }

        for (int n = 0; n < halvings; n++) sum = Product(sum, sum);
        return sum;
    }

    private Complex[] One()
    {
        var one = new Complex[order * order];
        for (int i = 0; i < order; i++) one[(i * order) + i] = 1;
        return one;
    }

    private Complex[] Product(Complex[] a, Complex[] b)
    {
        var product = new Complex[order * order];
        for (int row = 0; row < order; row++)
        {
            for (int column = 0; column < order; column++)
            {
                for (int k = 0; k < order; k++) product[(row * order) + column] += a[(row * order) + k] * b[(k * order) + column];
            }
        }

        return product;
    }

    private Complex[] Adjoint(Complex[] a)
    {
        var adjoint = new Complex[order * order];
        for (int row = 0; row < order; row++)
        {
            for (int column = 0; column < order; column++) adjoint[(row * order) + column] = Complex.Conjugate(a[(column * order) + row]);
        }

        return adjoint;
    }

    private Complex[] Read(ReadOnlySpan<double> element)
    {
        Span<double> numbers = stackalloc double[2 * order * order];
        group.ToMatrix(element, numbers);
        var matrix = new Complex[order * order];
        for (int i = 0; i < matrix.Length; i++) matrix[i] = new(numbers[2 * i], numbers[(2 * i) + 1]);
        return matrix;
    }

    private void Write(Complex[] matrix, Span<double> element)
    {
        Span<double> numbers = stackalloc double[2 * order * order];
        for (int i = 0; i < matrix.Length; i++) (numbers[2 * i], numbers[(2 * i) + 1]) = (matrix[i].Real, matrix[i].Imaginary);
        group.FromMatrix(numbers, element);
    }
}
