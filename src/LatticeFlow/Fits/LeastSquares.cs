using MathNet.Numerics.LinearAlgebra;
using MathNet.Numerics.Optimization;

namespace LatticeFlow.Fits;

/// <summary>
/// The minimum of χ²(p) = Σ_ij (y_i − f(x_i; p)) C⁻¹_ij (y_j − f(x_j; p)) for a fixed C = L Lᵀ, and how it moves with the data. The search is Levenberg and Marquardt's on L⁻¹(y − f), from the best points of a grid in those
/// parameters in which f is not linear; Newton's steps then bring it to rounding.
/// </summary>
public sealed class LeastSquares
{
    private const int MostScanned = 3;
    private const int BestStarts = 3;
    private const int NewtonSteps = 30;

    // The step after the next would be below rounding.
    private const double Converged = 1e-8;

    // Eigenvalues of the scaled Hessian below this leave a direction in which nothing is determined.
    private const double Undetermined = 1e-12;

    private static readonly double[] _grid = [0.1, 0.3, 0.6, 1, 2, 4, 0.03, 0.01, 10, -0.1, -0.3, -1, -3];

    private readonly FitModel model;
    private readonly double[] x;
    private readonly Matrix<double> whitening;
    private readonly int parameters;

    /// <summary>A problem with abscissas <paramref name="x"/> and the covariance of the data there.</summary>
    /// <exception cref="ArgumentException">The covariance is not positive definite.</exception>
    public LeastSquares(FitModel model, IReadOnlyList<double> x, double[,] covariance)
    {
        this.model = model;
        this.x = [.. x];
        parameters = model.Parameters.Count;
        try
        {
            whitening = Matrix<double>.Build.DenseOfArray(covariance).Cholesky().Factor.Inverse();
        }
        catch (ArgumentException exception)
        {
            throw new ArgumentException("the covariance of the data is not positive definite.", exception);
        }
    }

    /// <summary>χ² at p; NaN where the model does not exist.</summary>
    public double ChiSquared(IReadOnlyList<double> y, IList<double> p)
    {
        var residual = Whitened([.. x.Select((at, k) => y[k] - model.Value(at, p))]);
        return residual.DotProduct(residual);
    }

    /// <summary>The best parameters for the data.</summary>
    /// <param name="y">The data.</param>
    /// <param name="start">Values of parameters to begin with; the others are searched for.</param>
    /// <exception cref="ArgumentException">There is no minimum, or the data do not determine it.</exception>
    public double[] Fit(IReadOnlyList<double> y, IReadOnlyDictionary<string, double> start)
    {
        double[] best = [];
        double least = double.PositiveInfinity;
        foreach (double[] from in Starts(y, start))
        {
            double[] found;
            try
            {
                found = Search(y, from);
            }
            catch (Exception exception) when (exception is ArgumentException or ArithmeticException or OptimizationException or InvalidOperationException)
            {
                found = from;
            }

            double value = ChiSquared(y, found);
            if (value < least) (best, least) = (found, value);
        }

        if (best.Length == 0) throw new ArgumentException("the model has no value at the points for any start that was tried: give one behind \"start\".");
        return Refine(y, best);
    }

    /// <summary>Newton's method from parameters that are near the minimum.</summary>
    /// <exception cref="ArgumentException">It does not lead to one.</exception>
    public double[] Refine(IReadOnlyList<double> y, IList<double> near)
    {
        var p = Vector<double>.Build.DenseOfEnumerable(near);
        double value = ChiSquared(y, p);
        for (int step = 0; step < NewtonSteps; step++)
        {
            var (gradient, hessian) = (Gradient(y, p), Hessian(y, p));
            var move = -Solve(hessian, gradient);
            double length = 1;
            Vector<double> next = p + move;
            double there = ChiSquared(y, next);
            while (!(there <= value * (1 + 1e-9) + 1e-300) && length > 1e-6)
            {
                length /= 2;
                next = p + (length * move);
                there = ChiSquared(y, next);
            }

            if (!double.IsFinite(there)) break;
            bool still = (next - p).PointwiseAbs().PointwiseDivide(next.PointwiseAbs() + 1e-300).Maximum() < Converged;
            (p, value) = (next, Math.Min(there, value));
            if (still) break;
        }

        var final = Gradient(y, p);
        var curvature = Hessian(y, p);
        double decrement = final.DotProduct(Solve(curvature, final));
        if (!double.IsFinite(value) || !(Math.Abs(decrement) <= 1e-8 * (1 + value))) throw new ArgumentException("the fit does not converge: give parameters to begin with behind \"start\", or a shorter range.");
        return [.. p];
    }

    /// <summary>dp/dy at the minimum, <c>[parameter, point]</c>, C being fixed: −(∂²χ²/∂p∂p)⁻¹ ∂²χ²/∂p∂y.</summary>
    public double[,] Response(IReadOnlyList<double> y, IList<double> p)
    {
        var point = Vector<double>.Build.DenseOfEnumerable(p);
        var mixed = Jacobian(point).TransposeThisAndMultiply(whitening);
        return Solve(Hessian(y, point), mixed).ToArray();
    }

    /// <summary>The share of the whitened fluctuations that the fit cannot follow: 1 − A(AᵀA)⁻¹Aᵀ, A = L⁻¹ ∂f/∂p.</summary>
    public Matrix<double> Projector(IList<double> p)
    {
        var a = Jacobian(Vector<double>.Build.DenseOfEnumerable(p));
        return Matrix<double>.Build.DenseIdentity(x.Length) - (a * (a.TransposeThisAndMultiply(a)).Solve(a.Transpose()));
    }

    /// <summary>L⁻¹.</summary>
    public Matrix<double> Whitening => whitening;

    private double[] Search(IReadOnlyList<double> y, double[] start)
    {
        Vector<double> data = Whitened(y), places = Vector<double>.Build.Dense(x);
        IObjectiveModel objective = ObjectiveFunction.NonlinearModel(
            (p, _) => Whitened([.. x.Select(at => model.Value(at, p))]), (p, _) => Jacobian(p), places, data);
        var minimizer = new LevenbergMarquardtMinimizer(gradientTolerance: 1e-9, stepTolerance: 1e-9, functionTolerance: 1e-9, maximumIterations: 60);
        return [.. minimizer.FindMinimum(objective, Vector<double>.Build.Dense(start)).MinimizingPoint];
    }

    private IEnumerable<double[]> Starts(IReadOnlyList<double> y, IReadOnlyDictionary<string, double> start)
    {
        int[] linear = Linear();
        int[] open = [.. Enumerable.Range(0, parameters).Except(linear).Where(i => !start.ContainsKey(model.Parameters[i]))];
        if (open.Length > MostScanned)
            throw new ArgumentException($"the model is not linear in {string.Join(", ", open.Select(i => model.Parameters[i]))}: give values of {open.Length - MostScanned} or more of them behind \"start\".");
        int points = (int)Math.Pow(_grid.Length, open.Length);
        var candidates = new List<(double Value, double[] P)>();
        for (int number = 0; number < points; number++)
        {
            var p = new double[parameters];
            for (int i = 0; i < parameters; i++) p[i] = start.TryGetValue(model.Parameters[i], out double given) ? given : 0;
            int rest = number;
            foreach (int i in open)
            {
                p[i] = _grid[rest % _grid.Length];
                rest /= _grid.Length;
            }

            SolveLinear(y, p, [.. linear.Where(i => !start.ContainsKey(model.Parameters[i]))]);
            double value = ChiSquared(y, p);
            if (double.IsFinite(value)) candidates.Add((value, p));
        }

        return candidates.OrderBy(candidate => candidate.Value).Take(BestStarts).Select(candidate => candidate.P);
    }

    // The parameters in which the model is linear together: its derivatives by them do not depend on any of them.
    private int[] Linear()
    {
        var random = new Analysis.SplitMix64(1);
        List<int> linear = [];
        for (int i = 0; i < parameters; i++)
        {
            List<int> with = [.. linear, i];
            double[] p = [.. Enumerable.Range(0, parameters).Select(_ => 0.5 + (random.Below(1000) / 1000.0))];
            bool depends = x.Any(at =>
            {
                double[] before = model.Gradient(at, p).ByParameter;
                double[] moved = [.. p.Select((value, k) => with.Contains(k) ? value + 0.25 : value)];
                double[] after = model.Gradient(at, moved).ByParameter;
                return with.Any(k => !(Math.Abs(after[k] - before[k]) <= 1e-12 * (Math.Abs(after[k]) + Math.Abs(before[k]))));
            });
            if (!depends) linear = with;
        }

        return [.. linear];
    }

    private void SolveLinear(IReadOnlyList<double> y, double[] p, int[] linear)
    {
        if (linear.Length == 0) return;
        foreach (int i in linear) p[i] = 0;
        var jacobian = Jacobian(Vector<double>.Build.Dense(p));
        var columns = Matrix<double>.Build.DenseOfColumnVectors(linear.Select(jacobian.Column));
        var target = Whitened([.. x.Select((at, k) => y[k] - model.Value(at, p))]);
        if (!columns.Enumerate().All(double.IsFinite) || !target.All(double.IsFinite)) return;
        // The smallest of all solutions where the points do not tell them apart.
        var solution = columns.Svd().Solve(target);
        for (int i = 0; i < linear.Length; i++) p[linear[i]] = double.IsFinite(solution[i]) ? solution[i] : 0;
    }

    private Vector<double> Whitened(IReadOnlyList<double> values) => whitening * Vector<double>.Build.DenseOfEnumerable(values);

    // L⁻¹ ∂f/∂p.
    private Matrix<double> Jacobian(Vector<double> p) => whitening * Matrix<double>.Build.DenseOfRowArrays(x.Select(at => model.Gradient(at, p).ByParameter));

    // ½ ∂χ²/∂p.
    private Vector<double> Gradient(IReadOnlyList<double> y, Vector<double> p)
        => -Jacobian(p).TransposeThisAndMultiply(Whitened([.. x.Select((at, k) => y[k] - model.Value(at, p))]));

    // ½ ∂²χ²/∂p∂p by differences of the exact gradient, extrapolated to step 0 once.
    private Matrix<double> Hessian(IReadOnlyList<double> y, Vector<double> p)
    {
        var columns = new Vector<double>[parameters];
        for (int i = 0; i < parameters; i++)
        {
            double h = 1e-3 * Math.Max(Math.Abs(p[i]), 1e-3);
            columns[i] = ((4 * Difference(i, h / 2)) - Difference(i, h)) / 3;
        }

        var hessian = Matrix<double>.Build.DenseOfColumnVectors(columns);
        if (!hessian.Enumerate().All(double.IsFinite)) throw new ArgumentException("the model has no derivatives near the minimum.");
        return (hessian + hessian.Transpose()) / 2;

        Vector<double> Difference(int i, double step)
        {
            Vector<double> up = p.Clone(), down = p.Clone();
            up[i] += step;
            down[i] -= step;
            return (Gradient(y, up) - Gradient(y, down)) / (up[i] - down[i]);
        }
    }

    private Vector<double> Solve(Matrix<double> hessian, Vector<double> right) => Solve(hessian, right.ToColumnMatrix()).Column(0);

    private Matrix<double> Solve(Matrix<double> hessian, Matrix<double> right)
    {
        // Scaled to a unit diagonal, so that units of the parameters do not matter.
        var scale = Vector<double>.Build.DenseOfEnumerable(hessian.Diagonal().Select(entry => 1 / Math.Sqrt(Math.Max(Math.Abs(entry), double.Epsilon))));
        var scaled = Matrix<double>.Build.Dense(parameters, parameters, (i, j) => hessian[i, j] * scale[i] * scale[j]);
        if (scaled.Enumerate().All(double.IsFinite) && scaled.Evd(Symmetricity.Symmetric).EigenValues.Select(value => Math.Abs(value.Real)).Min() > Undetermined)
            return Matrix<double>.Build.DenseOfDiagonalVector(scale) * scaled.Solve(Matrix<double>.Build.DenseOfDiagonalVector(scale) * right);
        throw new ArgumentException($"the points do not determine {string.Join(", ", model.Parameters)} all: take a wider range, or fewer parameters.");
    }
}
