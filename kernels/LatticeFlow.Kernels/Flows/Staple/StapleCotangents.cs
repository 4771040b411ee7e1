using LatticeFlow.Kernels.Functions;
using LatticeFlow.Kernels.Groups;
using LatticeFlow.Kernels.Lanes;
using LatticeFlow.Kernels.Memory;

namespace LatticeFlow.Kernels.Flows;

/// <summary>
/// The cotangents of one link's step in the basis of A: Y_X, Y_{W_j} and Y_{B_j} with dL = Re tr(Y d·), and dL/dρ_j, dL/dι_j, which gather what <see cref="StapleVjp{TLink, T}"/> says.
/// </summary>
internal readonly struct StapleCotangents<TLink, T>
    where TLink : unmanaged, ILink<TLink, T>
    where T : unmanaged, IReal<T>
{
    private readonly StapleOperands<T> operands;
    private readonly StapleExponent<TLink, T> exponent;
    private readonly StapleJacobian<TLink, T> jacobian;
    private readonly int item;
    private readonly Reals<T> products;
    private readonly Reals<T> traces;

    /// <summary>Y_X.</summary>
    public readonly Reals<T> X;

    /// <summary>Y_{W_j}.</summary>
    public readonly Reals<T> W;

    /// <summary>U M.</summary>
    public readonly Reals<T> Linear;

    /// <summary>A spare matrix.</summary>
    public readonly Reals<T> Spare;

    /// <summary>Zero, with <see cref="Elements"/> numbers of a work field from <paramref name="first"/> on.</summary>
    public StapleCotangents(in StapleOperands<T> operands, in StapleExponent<TLink, T> exponent, in StapleJacobian<TLink, T> jacobian, int item, int first)
    {
        this.operands = operands;
        this.exponent = exponent;
        this.jacobian = jacobian;
        this.item = item;
        int matrix = 2 * N * N;
        X = operands.Paths.Work.From(first);
        W = X.From(matrix);
        products = W.From(matrix * operands.Paired);
        traces = products.From(matrix * operands.Paired);
        Spare = traces.From(2 * operands.Paired);
        Linear = Spare.From(matrix);
        for (int e = 0; e < (matrix * (1 + (2 * operands.Paired))) + (2 * operands.Paired); e++) T.Store(X, e, T.Of(0));
    }

    private static int N => TLink.Order;

    /// <summary>Numbers of the work field.</summary>
    public static int Elements(int staples) => (2 * N * N * (3 + (2 * staples))) + (2 * staples);

    /// <summary>
    /// Adds what <paramref name="cotangent"/> · ln det makes, in which the matrix of the Jacobian is (1 + ΦK)⁻¹ and becomes 𝒢; all but what a change of X, W or B does by way of the others.
    /// </summary>
    public void OfDeterminant(T cotangent)
    {
        OfBasis(cotangent);
        int n = N * N;
        for (int row = 0; row < n; row++)
        {
            var line = jacobian.Matrix.From(2 * n * row);
            for (int column = 0; column < n; column++)
            {
                T x = Re(line, column), y = Im(line, column), u = Re(jacobian.Factors, column), v = Im(jacobian.Factors, column);
                Set(line, column, T.Fnma(y, v, x * u), T.Fma(x, v, y * u));
            }
        }

        if (N > 1) StapleJacobian<TLink, T>.Project(jacobian.Matrix);
        OfProducts(-cotangent);
        if (!operands.Terms.HasTraces) return;
        for (int k = 0; k < operands.Paired; k++)
        {
            OfTraces(k, 0, cotangent);
            if (operands.Terms.HasImaginary) OfTraces(k, 1, cotangent);
        }
    }

    /// <summary>Hands on what X gains by a cotangent ω of a = −iA, dL = tr(ω da): Y_X += i ω, traceless part, and by way of X what W, B, ρ and ι gain. iω is overwritten.</summary>
    public void OfExponent(in Reals<T> iOmega)
    {
        if (N > 1)
        {
            T re = T.Of(0), im = T.Of(0);
            for (int k = 0; k < N; k++)
            {
                re += Re(iOmega, k * (N + 1));
                im += Im(iOmega, k * (N + 1));
            }

            AddUnit(iOmega, T.Of(-1.0 / N) * re, T.Of(-1.0 / N) * im);
        }

        HandOn(iOmega);
    }

    /// <summary>Hands Y_X as it stands on, once.</summary>
    public void HandOnDeterminant()
    {
        StapleJacobian<TLink, T>.Clear(Spare);
        StapleJacobian<TLink, T>.AddScaled(T.Of(1), T.Of(0), X, Spare);
        StapleJacobian<TLink, T>.Clear(X);
        HandOn(Spare);
    }

    /// <summary>Hands what B, ρ and ι have gained on to W, and to the coefficients.</summary>
    public void Complete()
    {
        int staples = operands.Paired;
        for (int j = 0; j < staples; j++)
        {
            var product = At(products, j);
            T rho = T.Load(traces, 2 * j), iota = T.Load(traces, (2 * j) + 1);
            for (int k = 0; k < staples; k++)
            {
                int term = exponent.ProductTerm(j, k);
                if (term >= 0)
                {
                    StapleJacobian<TLink, T>.AddScaled(exponent.Product(j, k), T.Of(0), product, At(W, k));
                    operands.AddToCoefficient(item, term, StapleJacobian<TLink, T>.TraceRe(product, At(jacobian.W, k)));
                }

                if (!operands.Terms.HasTraces) continue;
                operands.AddToCoefficient(item, exponent.RealTerm(j, k), rho * exponent.TraceRe(k));
                AddUnit(At(W, k), exponent.Real(j, k) * rho, T.Of(0));
                if (!operands.Terms.HasImaginary) continue;
                operands.AddToCoefficient(item, exponent.ImaginaryTerm(j, k), iota * exponent.TraceIm(k));
                AddUnit(At(W, k), T.Of(0), -(exponent.Imaginary(j, k) * iota));
            }

            StapleJacobian<TLink, T>.Clear(product);
            T.Store(traces, 2 * j, T.Of(0));
            T.Store(traces, (2 * j) + 1, T.Of(0));
        }
    }

    /// <summary>ω = Φᵀγ from γ, in place.</summary>
    public void TransposeFactors(in Reals<T> gamma)
    {
        for (int k = 0; k < N; k++)
        {
            for (int j = 0; j < N; j++)
            {
                int here = (k * N) + j, there = (j * N) + k;
                T x = Re(gamma, here), y = Im(gamma, here), u = Re(jacobian.Factors, there), v = Im(jacobian.Factors, there);
                Set(gamma, here, T.Fnma(y, v, x * u), T.Fma(x, v, y * u));
            }
        }
    }

    /// <summary>Φᵀγ = 𝒢ᵀ m, with γ = (1 + ΦK)⁻ᵀ m, the transpose on Hermitian matrices: Σ_ab m_ba 𝒢_{ab,cd} at (d, c); and γ in the place of m.</summary>
    public void Solve(in Reals<T> m, in Reals<T> omega)
    {
        StapleJacobian<TLink, T>.Clear(omega);
        AddTranspose(m, omega);
        for (int k = 0; k < N; k++)
        {
            for (int j = 0; j < N; j++)
            {
                int here = (k * N) + j, there = (j * N) + k;
                Divide(Re(omega, here), Im(omega, here), Re(jacobian.Factors, there), Im(jacobian.Factors, there), out T re, out T im);
                Set(m, here, re, im);
            }
        }
    }

    /// <summary>to = W_j Y_{W_j}, what V_j gains.</summary>
    public void OfStaple(int j, in Reals<T> to)
    {
        StapleJacobian<TLink, T>.Clear(to);
        StapleJacobian<TLink, T>.AddMultiply(At(jacobian.W, j), At(W, j), to);
    }

    /// <summary>to = U M Y_X + Σ_j W_j Y_{W_j}, what U gains.</summary>
    public void OfLink(in Reals<T> to)
    {
        StapleJacobian<TLink, T>.Clear(to);
        StapleJacobian<TLink, T>.AddMultiply(Linear, X, to);
        for (int j = 0; j < operands.Paired; j++) StapleJacobian<TLink, T>.AddMultiply(At(jacobian.W, j), At(W, j), to);
    }

    private static Reals<T> At(in Reals<T> list, int j) => StapleJacobian<TLink, T>.At(list, j);

    private static T Re(in Reals<T> view, int e) => StapleJacobian<TLink, T>.Re(view, e);

    private static T Im(in Reals<T> view, int e) => StapleJacobian<TLink, T>.Im(view, e);

    private static void Set(in Reals<T> view, int e, T re, T im) => StapleJacobian<TLink, T>.Set(view, e, re, im);

    // (a + ib)/(c + id).
    private static void Divide(T a, T b, T c, T d, out T re, out T im)
    {
        T scale = T.Of(1) / T.Fma(c, c, d * d);
        re = scale * T.Fma(a, c, b * d);
        im = scale * T.Fnma(a, d, b * c);
    }

    private static void AddUnit(in Reals<T> m, T re, T im)
    {
        for (int k = 0; k < N; k++) StapleJacobian<TLink, T>.Add(m, k * (N + 1), re, im);
    }

    private void HandOn(in Reals<T> y)
    {
        StapleJacobian<TLink, T>.AddScaled(T.Of(1), T.Of(0), y, X);
        for (int j = 0; j < operands.Paired; j++)
        {
            StapleJacobian<TLink, T>.AddMultiply(At(jacobian.B, j), y, At(W, j));
            StapleJacobian<TLink, T>.AddMultiply(y, At(jacobian.W, j), At(products, j));
            if (!operands.Terms.HasTraces) continue;
            StapleJacobian<TLink, T>.AddScaled(exponent.Rho(j), exponent.Iota(j), y, At(W, j));
            T.Store(traces, 2 * j, T.Load(traces, 2 * j) + StapleJacobian<TLink, T>.TraceRe(y, At(jacobian.W, j)));
            T.Store(traces, (2 * j) + 1, T.Load(traces, (2 * j) + 1) - StapleJacobian<TLink, T>.TraceIm(y, At(jacobian.W, j)));
        }
    }

    // Y_X += i · cotangent · iΘᵀ.
    private void OfBasis(T cotangent)
    {
        var factors = jacobian.Factors;
        for (int x = 0; x < N; x++)
        {
            for (int y = 0; y < N; y++)
            {
                for (int z = 0; z < N; z++)
                {
                    T here = T.Load(jacobian.Phases, x);
                    ExponentialDifferences.Second(here, here, T.Load(jacobian.Phases, y), T.Load(jacobian.Phases, z), out T fRe, out T fIm);
                    Quotient(x, y, x, z, out T hRe, out T hIm);
                    AddToBasis(y, z, cotangent, hRe, hIm, fRe, fIm);
                    int xy = (x * N) + y, yz = (y * N) + z;
                    T productRe = T.Fnma(Im(factors, xy), Im(factors, yz), Re(factors, xy) * Re(factors, yz));
                    T productIm = T.Fma(Im(factors, xy), Re(factors, yz), Re(factors, xy) * Im(factors, yz));
                    Quotient(y, z, x, z, out T gRe, out T gIm);
                    AddToBasis(x, y, cotangent, gRe, gIm, fRe - productRe, fIm - productIm);
                }
            }
        }
    }

    // 𝓗 = Φ⁻¹(1 − R) at ((a, b), (c, d)).
    private void Quotient(int a, int b, int c, int d, out T re, out T im)
    {
        int row = (a * N) + b, column = (c * N) + d, e = (row * N * N) + column;

        // Not ? 1 : 0, which the C# compiler makes a conversion of a truth value to double, and ILGPU's OpenCL a zero.
        Divide(T.Of(row == column ? 1.0 : 0.0) - Re(jacobian.Matrix, e), -Im(jacobian.Matrix, e), Re(jacobian.Factors, row), Im(jacobian.Factors, row), out re, out im);
    }

    // Θ_jp += h f, of which Y_X at (p, j) gets i·i = −1 times.
    private void AddToBasis(int j, int p, T cotangent, T hRe, T hIm, T fRe, T fIm) =>
        StapleJacobian<TLink, T>.Add(X, (p * N) + j, -(cotangent * T.Fnma(hIm, fIm, hRe * fRe)), -(cotangent * T.Fma(hIm, fRe, hRe * fIm)));

    // Y_X, Y_W and Y_B of S.
    private void OfProducts(T cotangent)
    {
        for (int a = 0; a < N; a++)
        {
            for (int b = 0; b < N; b++)
            {
                for (int c = 0; c < N; c++)
                {
                    var line = jacobian.Matrix.From(2 * ((((a * N) + b) * N * N) + (c * N)));
                    for (int d = 0; d < N; d++)
                    {
                        T x = cotangent * Re(line, d), y = cotangent * Im(line, d);
                        if (a == c) StapleJacobian<TLink, T>.Add(X, (d * N) + b, x, y);
                        for (int j = 0; j < operands.Paired; j++) AddProduct(j, a, b, c, d, x, y);
                    }
                }
            }
        }
    }

    private void AddProduct(int j, int a, int b, int c, int d, T x, T y)
    {
        Reals<T> factor = At(jacobian.B, j), plaquette = At(jacobian.W, j);
        T u = Re(factor, (b * N) + d), v = Im(factor, (b * N) + d);
        StapleJacobian<TLink, T>.Add(At(W, j), (a * N) + c, T.Fnma(y, v, x * u), T.Fma(x, v, y * u));
        u = Re(plaquette, (c * N) + a);
        v = Im(plaquette, (c * N) + a);
        StapleJacobian<TLink, T>.Add(At(products, j), (d * N) + b, T.Fnma(y, v, x * u), T.Fma(x, v, y * u));
    }

    // The terms r_jk h_j tr(h_k T) of one k, or −i_jk e_j tr(e_k T), with (𝒢 + 𝒢ᵀ) h_k.
    private void OfTraces(int k, int imaginary, T cotangent)
    {
        var part = At(jacobian.Parts, (imaginary * operands.Paired) + k);
        Apply(part, Spare);
        AddTranspose(part, Spare);
        T half = T.Of(imaginary != 0 ? -0.5 : 0.5) * cotangent;
        for (int j = 0; j < operands.Paired; j++)
        {
            T overlap = StapleJacobian<TLink, T>.TraceRe(At(jacobian.Parts, (imaginary * operands.Paired) + j), Spare);
            int term = imaginary != 0 ? exponent.ImaginaryTerm(j, k) : exponent.RealTerm(j, k);
            operands.AddToCoefficient(item, term, half * overlap);
            T weight = cotangent * operands.Coefficient(item, term);
            StapleJacobian<TLink, T>.AddScaled(imaginary != 0 ? weight : T.Of(0), imaginary != 0 ? T.Of(0) : weight, Spare, At(W, j));
        }
    }

    // to_ab = Σ_cd 𝒢_{ab,cd} m_cd.
    private void Apply(in Reals<T> m, in Reals<T> to)
    {
        int n = N * N;
        for (int row = 0; row < n; row++)
        {
            var line = jacobian.Matrix.From(2 * n * row);
            T re = T.Of(0), im = T.Of(0);
            for (int column = 0; column < n; column++)
            {
                T x = Re(line, column), y = Im(line, column), u = Re(m, column), v = Im(m, column);
                re = T.Fnma(y, v, T.Fma(x, u, re));
                im = T.Fma(y, u, T.Fma(x, v, im));
            }

            Set(to, row, re, im);
        }
    }

    // to_dc += Σ_ab m_ba 𝒢_{ab,cd}.
    private void AddTranspose(in Reals<T> m, in Reals<T> to)
    {
        int n = N * N;
        for (int a = 0; a < N; a++)
        {
            for (int b = 0; b < N; b++)
            {
                T x = Re(m, (b * N) + a), y = Im(m, (b * N) + a);
                var line = jacobian.Matrix.From(2 * n * ((a * N) + b));
                for (int c = 0; c < N; c++)
                {
                    for (int d = 0; d < N; d++)
                    {
                        T u = Re(line, (c * N) + d), v = Im(line, (c * N) + d);
                        StapleJacobian<TLink, T>.Add(to, (d * N) + c, T.Fnma(y, v, x * u), T.Fma(x, v, y * u));
                    }
                }
            }
        }
    }
}
