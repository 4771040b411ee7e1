using LatticeFlow.Analysis;
using MathNet.Numerics.LinearAlgebra;

namespace LatticeFlow.Reweighting;

/// <summary>An ensemble with weight e^{−β s}: β, s of every configuration <c>[replica][configuration]</c>, and its 2 τ_int.</summary>
public sealed record CouplingEnsemble(double Beta, IReadOnlyList<double[]> Action, double Inefficiency)
{
    /// <summary>Configurations.</summary>
    public long Count => Action.Sum(replica => (long)replica.Length);

    /// <summary>The ensemble with the 2 τ_int that the Γ-method finds for s.</summary>
    public static CouplingEnsemble Of(double beta, IReadOnlyList<double[]> action) => new(beta, action, Math.Max(1, 2 * GammaMethod.Analyze(action).TauInt is var g && double.IsFinite(g) ? g : 1));
}

/// <summary>
/// Ensembles at several couplings as one sample for every coupling between them (A. M. Ferrenberg, R. H. Swendsen, Phys. Rev. Lett. 63 (1989) 1195), without histograms: with M_k = N_k/(2τ_k), D(s) = Σ_k M_k e^{f_k − β_k s} and
/// f_k = −ln Z(β_k) from Σ_n a_n e^{f_k − β_k s_n}/D(s_n) = 1, a_n = 1/(2τ) of the ensemble of configuration n, it has the weight a_n e^{−β s_n}/D(s_n) at β. The f_k are the minimum of a convex function (M. R. Shirts,
/// J. D. Chodera, J. Chem. Phys. 129 (2008) 124105), found by Newton's method; f_0 = 0.
/// </summary>
public sealed class MultiHistogram
{
    private const int NewtonSteps = 100;
    private const double Converged = 1e-11;

    private readonly double[] beta;
    private readonly double[] samples;
    private readonly double[] m;
    private readonly double[] f;

    // Of every configuration, ensemble after ensemble and replica after replica.
    private readonly double[] s;
    private readonly double[] logD;
    private readonly int[] starts;
    private readonly Matrix<double> jacobian;

    /// <summary>Solves for the free energies.</summary>
    /// <exception cref="ArgumentException">There is no ensemble, or they do not overlap at all.</exception>
    public MultiHistogram(IReadOnlyList<CouplingEnsemble> ensembles)
    {
        ArgumentNullException.ThrowIfNull(ensembles);
        if (ensembles.Count == 0) throw new ArgumentException("there is no ensemble.");
        Ensembles = ensembles;
        beta = [.. ensembles.Select(ensemble => ensemble.Beta)];
        samples = [.. ensembles.Select(ensemble => (double)ensemble.Count)];
        m = [.. ensembles.Select(ensemble => ensemble.Count / ensemble.Inefficiency)];
        s = [.. ensembles.SelectMany(ensemble => ensemble.Action.SelectMany(replica => replica))];
        starts = new int[ensembles.Count + 1];
        for (int k = 0; k < ensembles.Count; k++) starts[k + 1] = starts[k] + (int)samples[k];
        logD = new double[s.Length];
        f = FirstGuess(ensembles);
        jacobian = Solve();
    }

    public IReadOnlyList<CouplingEnsemble> Ensembles { get; }

    /// <summary>−ln(Z(β_k)/Z(β_0)).</summary>
    public IReadOnlyList<double> FreeEnergies => f;

    /// <summary>Independent configurations, Σ N_k/(2τ_k).</summary>
    public double Independent => m.Sum();

    /// <summary>How much two ensembles have in common: Σ_n a_n p_i(n) p_j(n) (1/M_i + 1/M_j), p_k(n) the probability that n is of k: 1 where they are the same, 0 where no configuration of one could be of the other.</summary>
    public double Overlap(int i, int j)
    {
        double sum = 0;
        for (int k = 0; k < beta.Length; k++)
        {
            for (int n = starts[k]; n < starts[k + 1]; n++)
            {
                // Only these two count, as if the others were not there.
                double a = Math.Log(m[i]) + f[i] - (beta[i] * s[n]), b = Math.Log(m[j]) + f[j] - (beta[j] * s[n]);
                double larger = Math.Max(a, b), total = larger + Math.Log(Math.Exp(a - larger) + Math.Exp(b - larger));
                if (k == i || k == j) sum += m[k] / samples[k] * Math.Exp(a - total) * Math.Exp(b - total);
            }
        }

        return sum * ((1 / m[i]) + (1 / m[j]));
    }

    /// <summary>The weights at a coupling.</summary>
    public ReweightedSample At(double coupling)
    {
        var weight = new double[s.Length];
        double largest = double.NegativeInfinity;
        for (int n = 0; n < s.Length; n++)
        {
            weight[n] = -(coupling * s[n]) - logD[n];
            largest = Math.Max(largest, weight[n]);
        }

        double total = 0, squares = 0;
        for (int k = 0; k < beta.Length; k++)
        {
            double a = m[k] / samples[k];
            for (int n = starts[k]; n < starts[k + 1]; n++)
            {
                weight[n] = Math.Exp(weight[n] - largest);
                total += a * weight[n];
                squares += a * weight[n] * weight[n];
            }
        }

        for (int n = 0; n < s.Length; n++) weight[n] /= total;
        return new(this, coupling, weight, total * total / squares, -(largest + Math.Log(total)));
    }

    internal int Configurations => s.Length;

    internal double ShareOf(int ensemble) => m[ensemble] / samples[ensemble];

    internal (int From, int To) RowsOf(int ensemble) => (starts[ensemble], starts[ensemble + 1]);

    internal double M(int ensemble) => m[ensemble];

    /// <summary>p_j(n) for all j.</summary>
    internal void Probabilities(int n, Span<double> p)
    {
        for (int j = 0; j < beta.Length; j++) p[j] = Math.Exp(Math.Log(m[j]) + f[j] - (beta[j] * s[n]) - logD[n]);
    }

    /// <summary>J⁻¹ c with f_0 held at 0.</summary>
    internal double[] SolveFor(double[] c)
    {
        if (beta.Length == 1) return [0];
        return [0, .. jacobian.Solve(Vector<double>.Build.Dense(c[1..]))];
    }

    // From one coupling to the next by the mean of s on both sides: thermodynamic integration.
    private static double[] FirstGuess(IReadOnlyList<CouplingEnsemble> ensembles)
    {
        double[] mean = [.. ensembles.Select(ensemble => ensemble.Action.Sum(replica => replica.Sum()) / ensemble.Count)];
        int[] order = [.. Enumerable.Range(0, ensembles.Count).OrderBy(k => ensembles[k].Beta)];
        var f = new double[ensembles.Count];
        for (int i = 1; i < order.Length; i++)
            f[order[i]] = f[order[i - 1]] + ((ensembles[order[i]].Beta - ensembles[order[i - 1]].Beta) * (mean[order[i]] + mean[order[i - 1]]) / 2);
        double first = f[0];
        return [.. f.Select(value => value - first)];
    }

    private Matrix<double> Solve()
    {
        int count = beta.Length;
        double value = Objective();
        for (int step = 0; ; step++)
        {
            (double[] gradient, Matrix<double> hessian) = Derivatives();
            if (count == 1) return Matrix<double>.Build.Dense(1, 1, 1);
            var reduced = hessian.SubMatrix(1, count - 1, 1, count - 1);
            var move = reduced.Solve(Vector<double>.Build.Dense(gradient[1..]));
            if (!move.All(double.IsFinite)) throw new ArgumentException("the ensembles have nothing in common: their couplings are too far apart, or there are too few configurations.");
            if (move.AbsoluteMaximum() < Converged || step == NewtonSteps) return reduced;
            double[] before = [.. f];
            double length = 1;
            while (true)
            {
                for (int k = 1; k < count; k++) f[k] = before[k] - (length * move[k - 1]);
                double there = Objective();
                if (there <= value + (1e-12 * Math.Abs(value)) || length < 1e-8)
                {
                    value = there;
                    break;
                }

                length /= 2;
            }
        }
    }

    // Σ_n a_n ln D(s_n) − Σ_k M_k f_k, and ln D of every configuration.
    private double Objective()
    {
        double sum = 0;
        Span<double> terms = stackalloc double[Math.Min(beta.Length, 256)];
        if (beta.Length > 256) terms = new double[beta.Length];
        for (int k = 0; k < beta.Length; k++)
        {
            double a = m[k] / samples[k];
            for (int n = starts[k]; n < starts[k + 1]; n++)
            {
                double largest = double.NegativeInfinity;
                for (int j = 0; j < beta.Length; j++)
                {
                    terms[j] = Math.Log(m[j]) + f[j] - (beta[j] * s[n]);
                    largest = Math.Max(largest, terms[j]);
                }

                double total = 0;
                for (int j = 0; j < beta.Length; j++) total += Math.Exp(terms[j] - largest);
                logD[n] = largest + Math.Log(total);
                sum += a * logD[n];
            }

            sum -= m[k] * f[k];
        }

        return sum;
    }

    private (double[] Gradient, Matrix<double> Hessian) Derivatives()
    {
        int count = beta.Length;
        var gradient = new double[count];
        var hessian = Matrix<double>.Build.Dense(count, count);
        var p = new double[count];
        for (int k = 0; k < count; k++)
        {
            double a = m[k] / samples[k];
            gradient[k] -= m[k];
            for (int n = starts[k]; n < starts[k + 1]; n++)
            {
                Probabilities(n, p);
                for (int i = 0; i < count; i++)
                {
                    gradient[i] += a * p[i];
                    hessian[i, i] += a * p[i];
                    for (int j = 0; j < count; j++) hessian[i, j] -= a * p[i] * p[j];
                }
            }
        }

        return (gradient, hessian);
    }
}
