using LatticeFlow.Kernels.Functions;
using LatticeFlow.Kernels.Groups;
using LatticeFlow.Kernels.Lanes;
using LatticeFlow.Kernels.Memory;

namespace LatticeFlow.Kernels.Flows;

/// <summary>
/// The determinant of one link's step U → e^A U, in the basis in which A = i diag(α). All matrices are N×N arrays of complex numbers in a work field, row-major, real before imaginary part.
/// </summary>
/// <remarks>
/// By U → e^{iξ}U, U′ → e^{iξ′}U′: Ad(e^{−A}) ξ′ = (1 + Φ K) ξ, with K the derivative of a = −iA, and Φ the derivative of the exponential function, (ΦM)_jk = f(α_j − α_k) M_jk,
/// f(D) = (1 − e^{−iD})/(iD). Ad has determinant 1. Hermitian matrices are a real form of all complex ones, so that the determinant can be taken on the matrix units E_jk, the root vectors of A; the
/// unit matrix is mapped to itself. On them
/// K(T) = −(S(T) + S(T†)†)/2 + Σ_jk r_jk h_j tr(h_k T) − Σ_jk i_jk e_j tr(e_k T), traceless parts, S(T) = T X + Σ_j W_j T B_j, h_j = i(W_j − W_j†)/2, e_j = −(W_j + W_j†)/2.
/// ‖ΦK‖ &lt; 1 because the coefficients are bounded: elimination needs no exchange of rows, and the determinant is positive.
/// </remarks>
internal readonly struct StapleJacobian<TLink, T>
    where TLink : unmanaged, ILink<TLink, T>
    where T : unmanaged, IReal<T>
{
    private readonly StapleExponent<TLink, T> exponent;
    private readonly int staples;
    private readonly int hasTraces;
    private readonly int hasImaginary;

    /// <summary>α.</summary>
    public readonly Reals<T> Phases;

    /// <summary>f(α_j − α_k).</summary>
    public readonly Reals<T> Factors;

    /// <summary>X.</summary>
    public readonly Reals<T> X;

    /// <summary>W_j, one after the other.</summary>
    public readonly Reals<T> W;

    /// <summary>B_j.</summary>
    public readonly Reals<T> B;

    /// <summary>h_j, then e_j.</summary>
    public readonly Reals<T> Parts;

    /// <summary>N² × N² numbers.</summary>
    public readonly Reals<T> Matrix;

    /// <summary>A spare matrix.</summary>
    public readonly Reals<T> Spare;

    /// <summary>The Jacobian of the step of this exponent, with <see cref="Elements"/> numbers of a work field from <paramref name="first"/> on.</summary>
    public StapleJacobian(in StapleOperands<T> operands, in StapleExponent<TLink, T> exponent, int first)
    {
        this.exponent = exponent;
        staples = operands.Paired;
        hasTraces = operands.Terms.HasTraces ? 1 : 0;
        hasImaginary = operands.Terms.HasImaginary ? 1 : 0;
        int matrix = 2 * TLink.Order * TLink.Order;
        Phases = operands.Paths.Work.From(first);
        Factors = Phases.From(TLink.Order);
        X = Factors.From(matrix);
        W = X.From(matrix);
        B = W.From(staples * matrix);
        Parts = B.From(staples * matrix);
        Spare = Parts.From(2 * staples * matrix);
        Matrix = Spare.From(matrix);
    }

    private static int N => TLink.Order;

    private static int N2 => TLink.Order * TLink.Order;

    /// <summary>Numbers of the work field.</summary>
    public static int Elements(int staples) => N + (2 * N2 * (3 + (4 * staples) + N2));

    /// <summary>Number <paramref name="j"/> of a list of matrices.</summary>
    public static Reals<T> At(in Reals<T> list, int j) => list.From(2 * N2 * j);

    /// <summary>Writes a matrix.</summary>
    public static void Put(in Reals<T> to, in TLink value)
    {
        for (int row = 0; row < N; row++)
        {
            for (int column = 0; column < N; column++)
            {
                TLink.Entry(value, row, column, out T re, out T im);
                Set(to, (row * N) + column, re, im);
            }
        }
    }

    /// <summary>Reads a matrix; of a quaternion what Re tr with quaternions can see.</summary>
    public static void Get(in Reals<T> from, ref TLink value)
    {
        TLink.SetZero(ref value);
        for (int row = 0; row < N; row++)
        {
            for (int column = 0; column < N; column++)
            {
                int e = (row * N) + column;
                TLink.AddEntry(row, column, Re(from, e), Im(from, e), ref value);
            }
        }
    }

    /// <summary>Real part of complex number <paramref name="e"/>.</summary>
    public static T Re(in Reals<T> view, int e) => T.Load(view, 2 * e);

    /// <summary>Imaginary part of complex number <paramref name="e"/>.</summary>
    public static T Im(in Reals<T> view, int e) => T.Load(view, (2 * e) + 1);

    /// <summary>Writes complex number <paramref name="e"/>.</summary>
    public static void Set(in Reals<T> view, int e, T re, T im)
    {
        T.Store(view, 2 * e, re);
        T.Store(view, (2 * e) + 1, im);
    }

    /// <summary>Adds to complex number <paramref name="e"/>.</summary>
    public static void Add(in Reals<T> view, int e, T re, T im) => Set(view, e, Re(view, e) + re, Im(view, e) + im);

    /// <summary>c += (re + i im) a.</summary>
    public static void AddScaled(T re, T im, in Reals<T> a, in Reals<T> c)
    {
        for (int e = 0; e < N2; e++)
        {
            T x = Re(a, e), y = Im(a, e);
            Set(c, e, T.Fnma(im, y, T.Fma(re, x, Re(c, e))), T.Fma(im, x, T.Fma(re, y, Im(c, e))));
        }
    }

    /// <summary>c += a b.</summary>
    public static void AddMultiply(in Reals<T> a, in Reals<T> b, in Reals<T> c)
    {
        for (int row = 0; row < N; row++)
        {
            for (int k = 0; k < N; k++)
            {
                T x = Re(a, (row * N) + k), y = Im(a, (row * N) + k);
                AddRow(x, y, b.From(2 * N * k), c.From(2 * N * row));
            }
        }
    }

    /// <summary>c = 0.</summary>
    public static void Clear(in Reals<T> c, int matrices = 1)
    {
        for (int e = 0; e < 2 * N2 * matrices; e++) T.Store(c, e, T.Of(0));
    }

    /// <summary>Re tr(a b).</summary>
    public static T TraceRe(in Reals<T> a, in Reals<T> b)
    {
        T sum = T.Of(0);
        for (int row = 0; row < N; row++)
        {
            for (int k = 0; k < N; k++) sum = T.Fma(Re(a, (row * N) + k), Re(b, (k * N) + row), T.Fnma(Im(a, (row * N) + k), Im(b, (k * N) + row), sum));
        }

        return sum;
    }

    /// <summary>Im tr(a b).</summary>
    public static T TraceIm(in Reals<T> a, in Reals<T> b)
    {
        T sum = T.Of(0);
        for (int row = 0; row < N; row++)
        {
            for (int k = 0; k < N; k++) sum = T.Fma(Re(a, (row * N) + k), Im(b, (k * N) + row), T.Fma(Im(a, (row * N) + k), Re(b, (k * N) + row), sum));
        }

        return sum;
    }

    /// <summary>With α, X and all W_j in place, makes everything else: <see cref="Matrix"/> is 1 + ΦK.</summary>
    public void Fill()
    {
        for (int j = 0; j < N; j++)
        {
            for (int k = 0; k < N; k++)
            {
                ExponentialDifferences.First(T.Load(Phases, j) - T.Load(Phases, k), out T re, out T im);
                Set(Factors, (j * N) + k, re, im);
            }
        }

        Clear(B, staples);
        for (int j = 0; j < staples; j++)
        {
            for (int k = 0; k < staples; k++) AddScaled(exponent.Product(j, k), T.Of(0), At(W, k), At(B, j));
            if (hasTraces != 0) Split(At(W, j), At(Parts, j), At(Parts, staples + j));
        }

        Clear(Matrix, N2);
        for (int j = 0; j < staples; j++) AddProducts(At(W, j), At(B, j));
        AddExponent();
        Symmetrise();
        if (hasTraces != 0) AddTraces();
        if (N > 1) Project(Matrix);
        for (int row = 0; row < N2; row++)
        {
            T re = Re(Factors, row), im = Im(Factors, row);
            var line = Matrix.From(2 * N2 * row);
            for (int column = 0; column < N2; column++)
            {
                T x = Re(line, column), y = Im(line, column);
                Set(line, column, T.Fnma(im, y, re * x), T.Fma(im, x, re * y));
            }

            T.Store(line, 2 * row, T.Load(line, 2 * row) + T.Of(1));
        }
    }

    /// <summary>Takes the unit matrix out of a map of matrices, from what it maps and from its results.</summary>
    public static void Project(in Reals<T> map)
    {
        for (int e = 0; e < N2; e++)
        {
            T outRe = T.Of(0), outIm = T.Of(0);
            for (int k = 0; k < N; k++)
            {
                outRe += Re(map, (k * (N + 1) * N2) + e);
                outIm += Im(map, (k * (N + 1) * N2) + e);
            }

            outRe *= T.Of(-1.0 / N);
            outIm *= T.Of(-1.0 / N);
            for (int k = 0; k < N; k++) Add(map, (k * (N + 1) * N2) + e, outRe, outIm);
        }

        for (int e = 0; e < N2; e++)
        {
            var line = map.From(2 * N2 * e);
            T re = T.Of(0), im = T.Of(0);
            for (int k = 0; k < N; k++)
            {
                re += Re(line, k * (N + 1));
                im += Im(line, k * (N + 1));
            }

            re *= T.Of(-1.0 / N);
            im *= T.Of(-1.0 / N);
            for (int k = 0; k < N; k++) Add(line, k * (N + 1), re, im);
        }
    }

    // c_k += (re + i im) b_k of a row.
    private static void AddRow(T re, T im, in Reals<T> b, in Reals<T> c)
    {
        for (int k = 0; k < N; k++)
        {
            T x = Re(b, k), y = Im(b, k);
            Set(c, k, T.Fnma(im, y, T.Fma(re, x, Re(c, k))), T.Fma(im, x, T.Fma(re, y, Im(c, k))));
        }
    }

    // h = i(w − w†)/2, e = −(w + w†)/2.
    private static void Split(in Reals<T> w, in Reals<T> h, in Reals<T> e)
    {
        T half = T.Of(0.5);
        for (int row = 0; row < N; row++)
        {
            for (int column = 0; column < N; column++)
            {
                int here = (row * N) + column, there = (column * N) + row;
                Set(h, here, -(half * (Im(w, here) + Im(w, there))), half * (Re(w, here) - Re(w, there)));
                Set(e, here, -(half * (Re(w, here) + Re(w, there))), half * (Im(w, there) - Im(w, here)));
            }
        }
    }

    // W E_ab B: entry (c, d) is W_ca B_bd.
    private void AddProducts(in Reals<T> w, in Reals<T> b)
    {
        for (int c = 0; c < N; c++)
        {
            for (int a = 0; a < N; a++)
            {
                T x = Re(w, (c * N) + a), y = Im(w, (c * N) + a);
                for (int d = 0; d < N; d++)
                {
                    var line = Matrix.From(2 * ((((c * N) + d) * N2) + (a * N)));
                    for (int k = 0; k < N; k++)
                    {
                        T u = Re(b, (k * N) + d), v = Im(b, (k * N) + d);
                        Set(line, k, T.Fnma(y, v, T.Fma(x, u, Re(line, k))), T.Fma(y, u, T.Fma(x, v, Im(line, k))));
                    }
                }
            }
        }
    }

    // E_ab X: entry (a, d) is X_bd.
    private void AddExponent()
    {
        for (int a = 0; a < N; a++)
        {
            for (int d = 0; d < N; d++)
            {
                var line = Matrix.From(2 * ((((a * N) + d) * N2) + (a * N)));
                for (int k = 0; k < N; k++) Add(line, k, Re(X, (k * N) + d), Im(X, (k * N) + d));
            }
        }
    }

    // −(S(T) + S(T†)†)/2: entries ((c, d), (a, b)) and ((d, c), (b, a)) are conjugate to each other.
    private void Symmetrise()
    {
        T half = T.Of(-0.5);
        for (int row = 0; row < N2; row++)
        {
            int rowTurned = ((row % N) * N) + (row / N);
            for (int column = 0; column < N2; column++)
            {
                int here = (row * N2) + column, there = (rowTurned * N2) + ((column % N) * N) + (column / N);
                if (there < here) continue;
                T re = half * (Re(Matrix, here) + Re(Matrix, there)), im = half * (Im(Matrix, here) - Im(Matrix, there));
                Set(Matrix, here, re, im);
                Set(Matrix, there, re, -im);
            }
        }
    }

    // Σ_jk r_jk h_j tr(h_k T) − Σ_jk i_jk e_j tr(e_k T): tr(h E_ab) = h_ba.
    private void AddTraces()
    {
        for (int j = 0; j < staples; j++)
        {
            Weigh(j, 0);
            AddOuter(At(Parts, j), Spare, T.Of(1));
            if (hasImaginary == 0) continue;
            Weigh(j, 1);
            AddOuter(At(Parts, staples + j), Spare, T.Of(-1));
        }
    }

    /// <summary>Spare = Σ_k r_jk h_k, or Σ_k i_jk e_k.</summary>
    public void Weigh(int j, int imaginary)
    {
        Clear(Spare);
        for (int k = 0; k < staples; k++)
        {
            T weight = imaginary != 0 ? exponent.Imaginary(j, k) : exponent.Real(j, k);
            AddScaled(weight, T.Of(0), At(Parts, (imaginary * staples) + k), Spare);
        }
    }

    private void AddOuter(in Reals<T> left, in Reals<T> right, T sign)
    {
        for (int row = 0; row < N2; row++)
        {
            T re = sign * Re(left, row), im = sign * Im(left, row);
            var line = Matrix.From(2 * N2 * row);
            for (int a = 0; a < N; a++)
            {
                for (int b = 0; b < N; b++)
                {
                    T x = Re(right, (b * N) + a), y = Im(right, (b * N) + a);
                    int e = (a * N) + b;
                    Set(line, e, T.Fnma(im, y, T.Fma(re, x, Re(line, e))), T.Fma(im, x, T.Fma(re, y, Im(line, e))));
                }
            }
        }
    }
}
