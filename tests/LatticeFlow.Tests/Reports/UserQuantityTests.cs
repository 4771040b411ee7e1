using LatticeFlow.Analysis;
using LatticeFlow.Expressions;
using LatticeFlow.Reports;

namespace LatticeFlow.Tests;

public class UserQuantityTests
{
    private const double RoundingTolerance = 1e-12;

    // Of numerical derivatives, which built-in quantities have.
    private const double DifferenceTolerance = 1e-7;

    private static readonly ExactResults Exact = new("U1", "wilson", [4, 6], 2);

    private static readonly EnsembleSeries Series = Loops(11);

    [Theory]
    [InlineData("creutz = -log(W22*W11/(W12*W21))")]
    [InlineData("creutz = -log(W(2,2)*P/W(1,2)^2)")]
    [InlineData("creutz = creutz(2,2)")]
    [InlineData("creutz = log(wilson_loop_1x2) - log(wilson_loop_2x2) + log(W12) - log(plaquette)")]
    [InlineData("creutz = -log(<W22>*<P>/(<W12>*<W21>))")]
    public void A_Creutz_ratio_is_the_one_that_is_derived_anyway(string text)
    {
        var document = Analyze([text], []);
        ObservableDocument mine = document.Observables["creutz"], known = document.Observables["creutz_ratio_2x2"];
        Assert.Equal(known.Mean, mine.Mean, RoundingTolerance);
        Assert.Equal(1, mine.Error / known.Error, DifferenceTolerance);
        Assert.Equal(1, mine.TauInt / known.TauInt, DifferenceTolerance);
        Assert.Equal(known.Bias!.Value, mine.Bias!.Value, 1e-6 * known.Error);
        Assert.Equal(text, mine.Formula);
        if (!text.Contains('<', StringComparison.Ordinal)) Assert.Equal(known.Exact!.Value, mine.Exact!.Value, RoundingTolerance);
    }

    [Fact]
    public void Means_of_formulas_make_susceptibilities()
    {
        var document = Analyze(["chi = L1*(<absP^2> - <absP>^2)", "half = chi/2", "twice = 2*polyakov_susceptibility"], []);
        ObservableDocument known = document.Observables[DerivedQuantities.PolyakovSusceptibility];
        Assert.Equal(known.Mean, document.Observables["chi"].Mean, RoundingTolerance);
        Assert.Equal(known.Error, document.Observables["chi"].Error, DifferenceTolerance * known.Error);
        Assert.Equal(known.Mean / 2, document.Observables["half"].Mean, RoundingTolerance);
        Assert.Equal(known.Error * 2, document.Observables["twice"].Error, 1e-5 * known.Error);
    }

    [Fact]
    public void The_bias_of_a_variance_is_the_variance_of_its_mean()
    {
        var random = new Random(3);
        double[] values = [.. Enumerable.Range(0, 600).Select(_ => random.NextDouble())];
        var series = new EnsembleSeries { Sampler = "any", Observables = new Dictionary<string, IReadOnlyList<double[]>> { ["x"] = [values] } };
        var document = EnsembleAnalysis.Analyze(series, Exact, quantities: UserQuantities.Parse(["v = <x^2> - <x>^2"], []));
        double mean = values.Average(), plain = values.Average(x => (x - mean) * (x - mean));
        ObservableDocument v = document.Observables["v"];
        Assert.Equal(plain, v.AtMeans!.Value, RoundingTolerance);
        // Of independent values n/(n − 1) takes the bias off; bins of several values see it with the error of a variance of 100 bins, 14 %.
        Assert.Equal(1, -v.Bias!.Value / (plain / values.Length), 0.6);
    }

    [Fact]
    public void Vectors_have_components_and_constants_have_names()
    {
        var correlator = Enumerable.Range(0, 4).Select(t => (IReadOnlyList<double[]>)[[.. Enumerable.Range(0, 50).Select(i => t + (0.01 * (i % 7)))]]).ToArray();
        var series = new EnsembleSeries
        {
            Sampler = "any",
            Observables = new Dictionary<string, IReadOnlyList<double[]>> { ["two_point"] = correlator[0], ["odd name"] = correlator[1] },
            Vectors = new Dictionary<string, IReadOnlyList<IReadOnlyList<double[]>>> { ["two_point"] = correlator },
        };
        var exact = new ExactResults("SU3", "wilson", [4, 6], 2);
        var document = EnsembleAnalysis.Analyze(series, exact, quantities: UserQuantities.Parse(["a = two_point[3] - C(1)", "b = 'odd name' - two_point[1] + N*V + L0*100 + beta*1e4 + D*1e5", "c = two_point[L0 - 1] - two_point[3] + two_point"], []));
        Assert.Equal(2, document.Observables["a"].Mean, RoundingTolerance);
        Assert.Equal(72 + 400 + 2e4 + 2e5, document.Observables["b"].Mean, 1e-9);
        Assert.Equal(correlator[0][0].Average(), document.Observables["c"].Mean, RoundingTolerance);
        Assert.Contains("components 0 to 3", Problem(series, "d = two_point[4]"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("a = W33", "'W33' is not known; there is plaquette")]
    [InlineData("a = W(3,3)", "'wilson_loop_3x3' is not known")]
    [InlineData("a = foo(1)", "'foo' is no function")]
    [InlineData("a = exp(1, 2)", "exp takes 1 argument, not 2")]
    [InlineData("a = 1 + a", "'a' is defined by itself")]
    [InlineData("a = <<P>>", "a mean value within a mean value")]
    [InlineData("a = <b>", "'b' has no value on each configuration")]
    [InlineData("plaquette = P", "'plaquette' is the name of an observable")]
    [InlineData("a = P[0.5]", "a whole number, not 0.5")]
    public void A_name_without_a_meaning_is_an_error_that_says_where(string text, string problem) => Assert.Contains(problem, Problem(Series, text), StringComparison.Ordinal);

    [Fact]
    public void What_does_not_exist_costs_a_warning_and_nothing_else()
    {
        var document = Analyze(["bad = 1 + log(W22 - 1)", "good = 2*P"], []);
        Assert.DoesNotContain("bad", document.Observables.Keys);
        Assert.Equal(2 * document.Observables["plaquette"].Mean, document.Observables["good"].Mean, RoundingTolerance);
        Assert.Contains(document.Warnings, warning => warning.Contains("bad is left out", StringComparison.Ordinal) && warning.Contains("character 11", StringComparison.Ordinal));
    }

    [Fact]
    public void Errors_of_formulas_are_right_as_often_as_they_say()
    {
        // Ratios of correlated, autocorrelated series of 1,000 values: 300 of them hold the truth within an error in 68 % of all cases, that is in 204 ± 8; 165 is five standard deviations below, and 238 as far above.
        int inside = 0;
        for (int i = 0; i < 300; i++)
        {
            var series = Loops(100 + i, 1000);
            var document = EnsembleAnalysis.Analyze(series, Exact, quantities: UserQuantities.Parse(["q = W22/P^4 + <P*W12>"], []));
            ObservableDocument q = document.Observables["q"];
            inside += Math.Abs(q.Mean - Truth) < q.Error ? 1 : 0;
        }

        Assert.InRange(inside, 165, 238);
    }

    // ⟨W22⟩/⟨P⟩⁴ + ⟨P W12⟩ of the series below: P and W12 share the slow part.
    private static double Truth => (0.3 / Math.Pow(0.7, 4)) + (0.7 * 0.5) + (0.05 * 0.03);

    private static string Problem(EnsembleSeries series, string text) => Assert.Throws<ExpressionException>(() => EnsembleAnalysis.Analyze(series, Exact, quantities: UserQuantities.Parse([text], []))).Message;

    private static EnsembleDocument Analyze(string[] derive, string[] fit) => EnsembleAnalysis.Analyze(Series, Exact, quantities: UserQuantities.Parse(derive, fit));

    /// <summary>Two replicas of loops around 0.7, 0.5 and 0.3 that share an AR(1) process with τ_int = 1.5.</summary>
    internal static EnsembleSeries Loops(int seed, int length = 4000)
    {
        var random = new Random(seed);
        double[][] plaquette = [new double[length / 2], new double[length / 2]], wide = [new double[length / 2], new double[length / 2]], square = [new double[length / 2], new double[length / 2]], line = [new double[length / 2], new double[length / 2]];
        for (int r = 0; r < 2; r++)
        {
            double slow = Normal(random);
            for (int i = 0; i < length / 2; i++)
            {
                slow = (0.5 * slow) + (Math.Sqrt(0.75) * Normal(random));
                plaquette[r][i] = 0.7 + (0.05 * slow);
                wide[r][i] = 0.5 + (0.03 * slow) + (0.02 * Normal(random));
                square[r][i] = 0.3 + (0.02 * slow) + (0.02 * Normal(random));
                line[r][i] = Math.Abs(0.2 + (0.1 * Normal(random)));
            }
        }

        return new()
        {
            Sampler = "any",
            Observables = new Dictionary<string, IReadOnlyList<double[]>> { ["plaquette"] = plaquette, ["wilson_loop_1x2"] = wide, ["wilson_loop_2x2"] = square, ["polyakov_abs"] = line },
        };
    }

    internal static double Normal(Random random) => Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());
}
