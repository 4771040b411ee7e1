using LatticeFlow.Analysis;
using LatticeFlow.Exact;
using LatticeFlow.Expressions;
using LatticeFlow.Fits;
using LatticeFlow.Reports;

namespace LatticeFlow.Tests;

public class FitTests
{
    [Fact]
    public void A_straight_line_is_that_of_the_normal_equations()
    {
        var model = new FitModel(FitDefinition.Parse("f: y = a + b*x for x = 1..5"), new Dictionary<string, double>());
        double[] x = [1, 2, 3, 4, 5], y = [1.1, 1.9, 3.2, 3.9, 5.3], error = [0.1, 0.2, 0.1, 0.3, 0.2];
        var covariance = new double[5, 5];
        for (int i = 0; i < 5; i++) covariance[i, i] = error[i] * error[i];
        var problem = new LeastSquares(model, x, covariance);
        double[] found = problem.Fit(y, new Dictionary<string, double>());
        double[] w = [.. error.Select(e => 1 / (e * e))];
        double s = w.Sum(), sx = w.Zip(x, (a, b) => a * b).Sum(), sxx = w.Zip(x, (a, b) => a * b * b).Sum(), sy = w.Zip(y, (a, b) => a * b).Sum(), sxy = w.Select((a, i) => a * x[i] * y[i]).Sum();
        double determinant = (s * sxx) - (sx * sx);
        Assert.Equal(((sxx * sy) - (sx * sxy)) / determinant, found[0], 1e-10);
        Assert.Equal(((s * sxy) - (sx * sy)) / determinant, found[1], 1e-10);
        double[,] response = problem.Response(y, found);
        for (int i = 0; i < 5; i++) Assert.Equal(w[i] * ((s * x[i]) - sx) / determinant, response[1, i], 1e-8);
    }

    [Theory]
    [InlineData("f: y = a*exp(-m*x) for x = 1..8", 2.5, 0.4)]
    [InlineData("f: y = a*cosh(m*(x - 8)) for x = 1..8", 0.01, 0.7)]
    [InlineData("f: y = m + a/x for x = 1..8", -0.26, 0.3)]
    [InlineData("f: y = m*x^a for x = 1..8", 1.7, 0.05)]
    [InlineData("f: y = 1/(m + a*x) for x = 1..8", 0.3, 2)]
    public void Parameters_that_data_were_made_with_are_found_without_a_start(string text, double a, double m)
    {
        var definition = FitDefinition.Parse(text);
        var model = new FitModel(definition, new Dictionary<string, double>());
        double[] p = [.. model.Parameters.Select(name => name == "a" ? a : m)];
        double[] y = [.. definition.Range!.Select(x => model.Value(x, p))];
        var covariance = new double[y.Length, y.Length];
        for (int i = 0; i < y.Length; i++) covariance[i, i] = 1e-4 * y[i] * y[i];
        var problem = new LeastSquares(model, definition.Range!, covariance);
        double[] found = problem.Fit(y, new Dictionary<string, double>());
        for (int i = 0; i < p.Length; i++) Assert.Equal(p[i], found[i], 1e-7 * Math.Abs(p[i]));

        // How the parameters move with the data is what a new fit does.
        double[,] response = problem.Response(y, found);
        for (int k = 0; k < y.Length; k += 3)
        {
            double step = 1e-4 * Math.Abs(y[k]);
            double[] up = problem.Refine([.. y.Select((value, i) => i == k ? value + step : value)], found), down = problem.Refine([.. y.Select((value, i) => i == k ? value - step : value)], found);
            for (int i = 0; i < p.Length; i++) Assert.Equal((up[i] - down[i]) / (2 * step), response[i, k], 1e-4 * Math.Abs(p[i] / y[k]));
        }
    }

    [Fact]
    public void Parameters_that_the_points_do_not_tell_apart_are_refused()
    {
        var model = new FitModel(FitDefinition.Parse("f: y = a + b + x for x = 1..3"), new Dictionary<string, double>());
        var problem = new LeastSquares(model, [1, 2, 3], new double[,] { { 1, 0, 0 }, { 0, 1, 0 }, { 0, 0, 1 } });
        Assert.Contains("do not determine a, b", Assert.Throws<ArgumentException>(() => problem.Fit([1, 2, 3], new Dictionary<string, double>())).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("f y = a for x = 1..2", "it has the form")]
    [InlineData("f: y = a", "it has the form")]
    [InlineData("f: y = a*x for x = 3..1", "last not below first")]
    [InlineData("f: y = a*x for x = one", "a range is")]
    [InlineData("f: y = a*x for x = 1,1", "each once")]
    [InlineData("f: y = a*x for x = 1..3 start a", "after start")]
    [InlineData("f: y = a*( for x = 1..3", "an operand is missing at the end")]
    public void A_fit_that_cannot_be_read_says_why(string text, string problem) => Assert.Contains(problem, Assert.Throws<ExpressionException>(() => FitDefinition.Parse(text)).Problem, StringComparison.Ordinal);

    [Fact]
    public void A_start_names_parameters_and_ranges_have_steps()
    {
        var fit = FitDefinition.Parse("f: y = a*exp(-m*t) for t = 2..8..2 start m = 0.5, a = 1 uncorrelated");
        Assert.Equal([2, 4, 6, 8], fit.Range!);
        Assert.True(fit.Uncorrelated);
        Assert.Equal(0.5, fit.Start["m"]);
        Assert.Equal(["a", "m"], fit.Parameters(new Dictionary<string, double>()));
        var wrong = FitDefinition.Parse("f: y = a*t for t = 1..3 start b = 1");
        Assert.Contains("'b' is no parameter", Assert.Throws<ExpressionException>(() => wrong.Parameters(new Dictionary<string, double>())).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData(" uncorrelated")]
    public void Parameters_scatter_as_their_errors_say_and_p_values_are_even(string suffix)
    {
        // 60 ensembles of eight correlated points with τ_int = 1.5: a mass within its error in 68 % ± 6 %, p-values with mean ½ ± 0.037; both limits are five standard deviations (one false alarm in a million).
        const int Ensembles = 60;
        int inside = 0;
        double p = 0;
        for (int i = 0; i < Ensembles; i++)
        {
            var document = Correlator(1000 + i, suffix, out _);
            ObservableDocument mass = document.Observables["decay.m"];
            inside += Math.Abs(mass.Mean - 0.4) < mass.Error ? 1 : 0;
            p += document.Fits["decay"].PValue / Ensembles;
            Assert.Equal(suffix.Length == 0, document.Fits["decay"].Correlated);
        }

        Assert.InRange(inside / (double)Ensembles, 0.683 - 0.3, 0.683 + 0.3);
        Assert.InRange(p, 0.5 - 0.185, 0.5 + 0.185);
    }

    [Fact]
    public void Correlations_are_left_out_where_they_cannot_be_estimated()
    {
        var document = Correlator(5, "", out _, length: 60);
        Assert.DoesNotContain(document.Warnings, warning => warning.Contains("left out", StringComparison.Ordinal));
        Assert.False(document.Fits["decay"].Correlated);
        Assert.Contains("configurations are fewer than 10", document.Fits["decay"].Uncorrelated, StringComparison.Ordinal);
    }

    [Fact]
    public void Parameters_stand_in_formulas_and_their_errors_are_those_of_a_jackknife()
    {
        var document = Correlator(7, "", out var series, derive: ["length = 1/decay.m", "effective = log(C(2)/C(3))"]);
        Assert.Equal(1 / document.Observables["decay.m"].AtMeans!.Value, document.Observables["length"].AtMeans!.Value, 1e-10);
        Assert.Equal(document.Observables["decay.m"].Error / Math.Pow(document.Observables["decay.m"].AtMeans!.Value, 2), document.Observables["length"].Error, 1e-9);
        Assert.True(document.Observables.ContainsKey("effective"));
        // A jackknife over bins of 20 values, each with its own search for the minimum; 200 bins know an error to 5 %, and the window of the Γ-method to as much.
        var fit = document.Fits["decay"];
        Assert.Equal(8, fit.Points.Count);
        Assert.Equal(6, fit.DegreesOfFreedom);
        var again = EnsembleAnalysis.Analyze(series, ExactResults.None, quantities: UserQuantities.Parse([], ["decay: C(t) = a*exp(-m*t) for t = 0..7 uncorrelated"])).Observables["decay.m"];
        Assert.Equal(1, again.Error / document.Observables["decay.m"].Error, 0.6);
        var data = series.Vectors["two_point"];
        var model = new FitModel(FitDefinition.Parse("decay: y = a*exp(-m*t) for t = 0..7"), new Dictionary<string, double>());
        var covariance = new double[8, 8];
        for (int k = 0; k < 8; k++) covariance[k, k] = Math.Pow(UserErrors(data[k]), 2);
        var problem = new LeastSquares(model, [0, 1, 2, 3, 4, 5, 6, 7], covariance);
        var jackknife = Jackknife.OfMeans(data, means => problem.Fit(means, new Dictionary<string, double>())[1], 20);
        Assert.Equal(1, jackknife.Error / again.Error, 0.3);
    }

    [Fact]
    public void The_mass_of_a_free_scalar_is_the_decay_of_its_exact_correlator()
    {
        var exact = new ExactResults(new TheoryDocument("scalar", "phi4", double.NaN, [16, 8]) { MassSquared = 0.25, Lambda = 0 });
        var free = new FreeScalar(0.25, [16, 8]);
        var random = new Random(9);
        IReadOnlyList<IReadOnlyList<double[]>> vectors = [.. Enumerable.Range(0, 16).Select(t => (IReadOnlyList<double[]>)[[.. Enumerable.Range(0, 500).Select(_ => free.TwoPoint(Math.Min(t, 16 - t)) * (1 + (0.05 * UserQuantityTests.Normal(random))))]])];
        var series = new EnsembleSeries
        {
            Sampler = "any",
            Observables = new Dictionary<string, IReadOnlyList<double[]>> { ["two_point"] = vectors[0] },
            Vectors = new Dictionary<string, IReadOnlyList<IReadOnlyList<double[]>>> { ["two_point"] = vectors },
        };
        var document = EnsembleAnalysis.Analyze(series, exact, quantities: UserQuantities.Parse(["pole = 2*sinh(mass.m/2)"], ["mass: C(t) = a*cosh(m*(t - L0/2)) for t = 1..8"]));
        // At zero spatial momentum one pole: 2 sinh(m/2) is the mass of the action.
        Assert.Equal(0.5, document.Observables["pole"].Exact!.Value, 1e-9);
        Assert.InRange(document.Observables["pole"].Pull!.Value, -5, 5);
        Assert.True(document.Observables["pole"].Error < 0.01);
        Assert.True(document.Fits["mass"].PValue is > 1e-6 and <= 1);
    }

    private static double UserErrors(IReadOnlyList<double[]> replicas) => GammaMethod.Analyze(replicas).Error;

    private static EnsembleDocument Correlator(int seed, string suffix, out EnsembleSeries series, int length = 2000, string[]? derive = null)
    {
        var random = new Random(seed);
        double[][] values = [.. Enumerable.Range(0, 8).Select(_ => new double[length])];
        double slow = UserQuantityTests.Normal(random);
        for (int i = 0; i < length; i++)
        {
            slow = (0.5 * slow) + (Math.Sqrt(0.75) * UserQuantityTests.Normal(random));
            double near = UserQuantityTests.Normal(random);
            for (int t = 0; t < 8; t++)
            {
                double own = UserQuantityTests.Normal(random);
                values[t][i] = Math.Exp(-0.4 * t) * (1 + (0.3 * slow) + (0.2 * near)) + (0.05 * own);
                near = (0.8 * near) + (0.6 * own);
            }
        }

        IReadOnlyList<IReadOnlyList<double[]>> vectors = [.. values.Select(component => (IReadOnlyList<double[]>)[component])];
        series = new()
        {
            Sampler = "any",
            Observables = new Dictionary<string, IReadOnlyList<double[]>> { ["two_point"] = vectors[0] },
            Vectors = new Dictionary<string, IReadOnlyList<IReadOnlyList<double[]>>> { ["two_point"] = vectors },
        };
        return EnsembleAnalysis.Analyze(series, ExactResults.None, quantities: UserQuantities.Parse(derive ?? [], [$"decay: C(t) = a*exp(-m*t) for t = 0..7{suffix}"]));
    }
}
