using LatticeFlow.Analysis;
using LatticeFlow.Reports;

namespace LatticeFlow.Tests.Analysis;

/// <summary>Errors as an ensemble has them: tails of slow modes, the scatter of replicas, bins, resampling, covariance. All seeds are fixed.</summary>
public class ErrorAnalysisTests
{
    private const double Fast = 1 / 3.0, Slow = 0.98, Coupling = 0.02;

    private static readonly ErrorSettings Plain = new() { TauExp = 0 };

    /// <summary>
    /// x shares 2 % of its variance with a mode of τ = 49.5, which is half of its τ_int = 1.97; y is that mode mostly. Of 300 ensembles of 100 slow times, the plain error covers the mean in half of them and the one with the tail in 68 %:
    /// ± 8 % are three standard deviations, one false alarm in 370.
    /// </summary>
    [Fact]
    public void A_tail_that_cannot_be_seen_is_found_by_its_correlation_with_a_slow_observable()
    {
        const int Ensembles = 300, Length = 5000;
        int plain = 0, tail = 0;
        double variance = 0;
        for (ulong seed = 1; seed <= Ensembles; seed++)
        {
            (double[] x, double[] y) = Coupled(seed, Length);
            var errors = new ErrorAnalysis(new ErrorAnalysisSettings(), [("x", [x]), ("y", [y])]);
            GammaResult found = errors.Of("x", [x]), without = ErrorEstimate.Of([x], Plain);
            if (Math.Abs(without.Mean) < without.Error) plain++;
            if (Math.Abs(found.Mean) < found.Error) tail++;
            variance += found.Error * found.Error / Ensembles;
            // y itself is as it was: nothing is slower.
            Assert.Equal(ErrorEstimate.Of([y], Plain).Error, errors.Of("y", [y]).Error);
        }

        Assert.InRange(plain / (double)Ensembles, 0.40, 0.60);
        Assert.InRange(tail / (double)Ensembles, 0.60, 0.76);
        double exact = 2 * (((1 - Coupling) * Tau(Fast)) + (Coupling * Tau(Slow))) / Length;
        // The mean of 300 estimates that scatter by 25 %.
        Assert.InRange(Math.Sqrt(variance / exact), 0.93, 1.07);
    }

    /// <summary>
    /// The published tail, of the true τ_exp, has the noise of ρ for its amplitude where nothing is coupled: errors of 100 ensembles of 100 slow times are 1.24 of the true one, where those by the correlation with y are 1.02. Ratios are known to 2 %.
    /// </summary>
    [Fact]
    public void The_published_tail_is_a_bound_where_nothing_is_coupled()
    {
        const int Ensembles = 100, Length = 5000;
        double exact = 2 * Tau(Fast) / Length, published = 0, correlated = 0;
        for (ulong seed = 1; seed <= Ensembles; seed++)
        {
            double[] x = Series(Fast, (3 * seed) + 1, Length), y = Series(Slow, (3 * seed) + 3, Length);
            published += Math.Pow(ErrorEstimate.Of([x], new ErrorSettings { TauExp = Tau(Slow) }).Error, 2) / exact / Ensembles;
            correlated += Math.Pow(new ErrorAnalysis(new ErrorAnalysisSettings(), [("x", [x]), ("y", [y])]).Of("x", [x]).Error, 2) / exact / Ensembles;
        }

        Assert.InRange(Math.Sqrt(published), 1.14, 1.36);
        Assert.InRange(Math.Sqrt(correlated), 0.97, 1.08);
    }

    /// <summary>
    /// Both are measured from their own means, so that C_xy is smaller by ΣC_xy/N at every lag. If that is not put back, the overlap is 0.75 of what it is at 60 slow times; with it 0.97. The mean of 400 that scatter by a fifth is known to 1 %; 7 % are left for chance and the window.
    /// </summary>
    [Fact]
    public void The_overlap_with_a_slow_mode_has_no_bias_of_its_window()
    {
        const int Ensembles = 400, Length = 1170;
        const double Shared = 0.3, OfSlow = 0.95;
        double mean = 0;
        for (ulong seed = 1; seed <= Ensembles; seed++)
        {
            double[] x = Series(0, (3 * seed) + 1, Length), s = Series(OfSlow, (3 * seed) + 3, Length), sum = [.. x.Zip(s, (a, b) => (Math.Sqrt(1 - Shared) * a) + (Math.Sqrt(Shared) * b))];
            GammaResult found = new ErrorAnalysis(new ErrorAnalysisSettings(), [("x", [sum]), ("s", [s])]).Of("x", [sum]);
            mean += (found.Tail?.Overlap ?? Math.Sqrt(Shared)) / Ensembles;
        }

        Assert.InRange(mean / Math.Sqrt(Shared), 0.93, 1.07);
    }

    /// <summary>C(t) = ½ Σ (x_i y_{i+t} + y_i x_{i+t}) over two series of different lengths, by the sum itself.</summary>
    [Fact]
    public void Symmetric_cross_sums_are_the_sums_of_products()
    {
        double[][] x = [Series(0.5, 1, 17), Series(0.5, 2, 9)], y = [[.. Series(0.9, 3, 17).Select(value => 1e-6 * value)], [.. Series(0.9, 4, 9).Select(value => 1e-6 * value)]];
        double[] found = Autocorrelation.SymmetricCrossSums(x, y, 12);
        for (int t = 0; t < 12; t++)
        {
            double sum = 0;
            for (int r = 0; r < x.Length; r++)
            {
                for (int i = 0; i + t < x[r].Length; i++) sum += 0.5 * ((x[r][i] * y[r][i + t]) + (y[r][i] * x[r][i + t]));
            }

            // In units of the sum of squares, 26 values of order 1 and of order 1e-6.
            Assert.Equal(sum, found[t], 26 * 1e-6 * 1e-13);
        }

        Assert.All(Autocorrelation.SymmetricCrossSums([[0, 0, 0]], [[1, 2, 3]], 2), value => Assert.Equal(0, value));
        Assert.Throws<ArgumentException>(() => Autocorrelation.SymmetricCrossSums([[1, 2]], [[1, 2, 3]], 2));
    }

    [Fact]
    public void The_tail_is_said_with_its_mode_and_what_it_adds()
    {
        (double[] x, double[] y) = Coupled(1, 20_000);
        GammaResult found = new ErrorAnalysis(new ErrorAnalysisSettings(), [("x", [x]), ("y", [y])]).Of("x", [x]);
        Assert.Equal("y", found.Tail!.Mode);
        Assert.Equal(Math.Sqrt(Coupling * 0.8), Math.Abs(found.Tail.Overlap), 0.05);
        Assert.InRange(found.Tail.TauExp, 30, 80);
        Assert.Equal(Coupling * Tau(Slow), found.Tail.TauInt, 3 * found.Tail.TauIntError);
        Assert.Equal(ErrorEstimate.Of([x], Plain).TauInt + found.Tail.TauInt, found.TauInt, 1e-12);
        // Neither a mode that is no slower, nor one of other chains.
        Assert.Null(new ErrorAnalysis(new ErrorAnalysisSettings(), [("x", [x])]).Of("x", [x]).Tail);
        Assert.Null(new ErrorAnalysis(new ErrorAnalysisSettings(), [("y", [y[..10_000]])]).Of("x", [x]).Tail);
        Assert.Null(new ErrorAnalysis(new ErrorAnalysisSettings { Default = Plain }, [("x", [x]), ("y", [y])]).Of("x", [x]).Tail);
    }

    /// <summary>An uncoupled slow observable must not cost more than its noise, 2 τ_y/N of the variance at most: 2 % of the error at 100 of its times; 8 % are left for chance.</summary>
    [Fact]
    public void A_slow_observable_that_is_not_coupled_changes_little()
    {
        double ratio = 0;
        for (ulong seed = 1; seed <= 50; seed++)
        {
            double[] x = Series(Fast, seed, 5000), y = Series(Slow, 1000 + seed, 5000);
            ratio += new ErrorAnalysis(new ErrorAnalysisSettings(), [("x", [x]), ("y", [y])]).Of("x", [x]).Error / ErrorEstimate.Of([x], Plain).Error / 50;
        }

        Assert.InRange(ratio, 1, 1.08);
    }

    /// <summary>Charge and plaquette: Q is odd and blind for what is even; Q² is found although only Q was measured.</summary>
    [Fact]
    public void The_square_of_a_charge_is_a_candidate()
    {
        double[] q = [.. Series(Slow, 3, 40_000).Select(x => Math.Round(1.5 * x))];
        double[] fast = Series(Fast, 4, 40_000), plaquette = [.. fast.Select((x, i) => x - (0.05 * q[i] * q[i]))];
        EnsembleDocument document = EnsembleAnalysis.Analyze(
            new EnsembleSeries { Sampler = "hmc", Observables = new Dictionary<string, IReadOnlyList<double[]>> { ["plaquette"] = [plaquette], ["topological_charge"] = [q] } },
            new ExactResults("U1", "wilson", [8, 8], double.NaN));
        Assert.Equal("topological_charge_squared", document.Observables["plaquette"].SlowTail!.Mode);
        Assert.InRange(document.Observables["plaquette"].SlowTail!.Overlap, -1, -0.05);
    }

    /// <summary>32 replicas of 200 values, each with a mode of τ = 49.5 that nothing else shows: their scatter has the true error, the plain one is 0.75 of it. Errors of 40 ensembles, each known to 13 %.</summary>
    [Fact]
    public void The_scatter_of_many_replicas_is_the_error_where_it_is_larger()
    {
        const int Ensembles = 40, Count = 32, Length = 1000;
        double exact = Math.Sqrt(2 * (((1 - Coupling) * Tau(Fast)) + (Coupling * Tau(Slow))) / (Count * Length)), found = 0, plain = 0;
        int taken = 0;
        for (ulong seed = 1; seed <= Ensembles; seed++)
        {
            double[][] x = [.. Enumerable.Range(0, Count).Select(r => Coupled((seed * 100) + (ulong)r, Length).X)];
            GammaResult result = ErrorEstimate.Of(x, new ErrorSettings());
            found += result.Error / exact / Ensembles;
            plain += ErrorEstimate.Of(x, Plain).Error / exact / Ensembles;
            if (result.FromReplicas) taken++;
            Assert.Equal(result.Error, Math.Sqrt(2 * result.TauInt * result.Gamma[0] / result.Count), 1e-12);
        }

        Assert.InRange(plain, 0.7, 0.88);
        Assert.InRange(found, 0.9, 1.1);
        Assert.InRange(taken, Ensembles / 2, Ensembles);
    }

    [Fact]
    public void Right_errors_are_rarely_replaced_by_the_scatter()
    {
        int taken = 0;
        for (ulong seed = 1; seed <= 100; seed++)
            taken += ErrorEstimate.Of([.. Enumerable.Range(0, 16).Select(r => Series(0.5, (seed * 50) + (ulong)r, 300))], new ErrorSettings()).FromReplicas ? 1 : 0;
        // Expected 10; 4 to 20 is missed once in 200.
        Assert.InRange(taken, 3, 21);
    }

    /// <summary>The band at every lag, the last ones included, is the scatter of ρ(t) over 400 series; that of ρ(0) is zero.</summary>
    [Theory]
    [InlineData(0.0, 60)]
    [InlineData(0.8, 400)]
    [InlineData(0.95, 2000)]
    public void The_band_of_rho_is_its_scatter_at_every_lag(double a, int length)
    {
        const int Ensembles = 400;
        GammaResult[] results = [.. Enumerable.Range(1, Ensembles).Select(seed => GammaMethod.Analyze([Series(a, (ulong)seed, length)]))];
        int lags = (int)results.Select(result => (double)result.Rho.Length).Order().ElementAt(Ensembles / 4);
        GammaResult[] enough = [.. results.Where(result => result.Rho.Length >= lags)];
        Assert.All(enough, result => Assert.Equal(0, result.RhoError[0]));
        for (int t = 1; t < lags; t++)
        {
            double mean = enough.Average(result => result.Rho[t]), scatter = Math.Sqrt(enough.Average(result => (result.Rho[t] - mean) * (result.Rho[t] - mean)));
            // Neighbouring lags of short series: the formula is of leading order.
            Assert.InRange(Math.Sqrt(enough.Average(result => result.RhoError[t] * result.RhoError[t])) / scatter, 0.75, 1.45);
        }
    }

    /// <summary>As pyerrors defines it: Γ_ij(0)/√(Γ_ii(0) Γ_jj(0)) about each replica's mean, times both errors of its Γ-method.</summary>
    [Theory]
    [InlineData(GammaConvention.Pyerrors)]
    [InlineData(GammaConvention.UWerr)]
    public void Covariance_is_the_correlation_at_lag_zero_times_the_errors(GammaConvention convention)
    {
        double[][] a = GoldenSeries.FourChains(), b = [.. a.Select((chain, r) => chain.Select((x, i) => (0.6 * x) + Series(0.3, 70 + (ulong)r, 2000)[0] + (i % 7)).ToArray())];
        var options = new GammaOptions { Convention = convention };
        CovariantQuantity Quantity(string name, double[][] series) => new(name, [series], means => means[0], _ => [1.0], GammaMethod.Analyze(series, options).Error);
        var ratio = new CovariantQuantity("ratio", [b, a], means => means[0] / means[1], null, GammaMethod.AnalyzeDerived([b, a], means => means[0] / means[1], options: options).Error);
        CovariantQuantity[] quantities = [Quantity("a", a), Quantity("b", b), ratio];
        double[][] found = Covariance.Of(quantities, convention);

        double[] Deltas(double[][] x)
        {
            double global = x.SelectMany(chain => chain).Average();
            return [.. x.SelectMany(chain => chain.Select(value => value - (convention == GammaConvention.Pyerrors ? chain.Average() : global)))];
        }

        double[] da = Deltas(a), db = Deltas(b);
        double meanA = a.SelectMany(x => x).Average(), meanB = b.SelectMany(x => x).Average();
        double[] dr = [.. da.Select((x, i) => (db[i] / meanA) - (x * meanB / meanA / meanA))];
        double[][] deltas = [da, db, dr];
        for (int i = 0; i < 3; i++)
        {
            for (int j = 0; j < 3; j++)
            {
                double expected = Dot(deltas[i], deltas[j]) / Math.Sqrt(Dot(deltas[i], deltas[i]) * Dot(deltas[j], deltas[j])) * quantities[i].Error * quantities[j].Error;
                Assert.Equal(1, found[i][j] / expected, 1e-7);
            }

            Assert.Equal(quantities[i].Error * quantities[i].Error, found[i][i], 1e-12 * found[i][i]);
        }

        static double Dot(double[] x, double[] y) => x.Zip(y, (p, q) => p * q).Sum();
    }

    [Fact]
    public void An_ensemble_has_the_correlation_of_everything_with_an_error()
    {
        (double[] x, double[] y) = Coupled(7, 4000);
        EnsembleDocument document = Analyze(x, y);
        Assert.Equal(["plaquette", "polyakov_abs", "polyakov_susceptibility", "polyakov_binder"], document.Correlation!.Observables);
        Assert.Equal(Math.Sqrt(Coupling * 0.8), document.Correlation.Matrix[0][1], 0.05);
        Assert.Equal(document.Correlation.Matrix[0][1], document.Correlation.Matrix[1][0]);
        Assert.All(document.Correlation.Matrix.Select((row, i) => row[i]), diagonal => Assert.Equal(1, diagonal));
    }

    /// <summary>τ_int of bins is that of single values, and the errors of all methods agree: bins of 20 τ know theirs to 11 %.</summary>
    [Fact]
    public void Bins_and_resampling_agree_with_the_gamma_method()
    {
        double[][] chains = GoldenSeries.FourChains();
        GammaResult gamma = ErrorEstimate.Of(chains, Plain), binned = ErrorEstimate.Of(chains, Plain with { Bin = 10 });
        Assert.Equal(GammaMethod.Analyze(chains).Error, gamma.Error);
        Assert.Equal((10, 8000L), (binned.Bin, (long)binned.Count));
        Assert.InRange(binned.Error / gamma.Error, 0.8, 1.2);
        Assert.InRange(binned.TauInt / gamma.TauInt, 0.65, 1.45);
        foreach (ErrorMethod method in new[] { ErrorMethod.Jackknife, ErrorMethod.Bootstrap })
        {
            GammaResult resampled = ErrorEstimate.Of(chains, Plain with { Method = method });
            Assert.Equal(method, resampled.Method);
            Assert.InRange(resampled.Bin, 100, 200);
            Assert.InRange(resampled.Error / gamma.Error, 0.7, 1.3);
            Assert.Equal(200, ErrorEstimate.Of(chains, Plain with { Method = method, Bin = 200 }).Bin);
        }

        Assert.Contains("longer than the shortest replica", Assert.Throws<ArgumentException>(() => ErrorEstimate.Of(chains, Plain with { Bin = 3000 })).Message, StringComparison.Ordinal);
        Assert.Contains("longer than the shortest replica", Assert.Throws<ArgumentException>(() => ErrorEstimate.Of(chains, Plain with { Method = ErrorMethod.Jackknife, Bin = 3000 })).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void What_is_discarded_is_in_no_number()
    {
        (double[] x, double[] y) = Coupled(9, 3000);
        double[] late = [.. x.Select((value, i) => i < 100 ? 50 : value)];
        EnsembleDocument all = Analyze(late, y), cut = Analyze(late, y, new() { Discard = 100 }), expected = Analyze(x[100..], y[100..]);
        Assert.Equal((100, 2900L), (cut.Discarded, cut.Configurations));
        Assert.NotEqual(all.Observables["plaquette"].Mean, cut.Observables["plaquette"].Mean);
        Assert.Equal(expected.Observables["plaquette"].Mean, cut.Observables["plaquette"].Mean);
        Assert.Equal(expected.Observables["plaquette"].Error, cut.Observables["plaquette"].Error);
        Assert.Contains("cannot be left out", Assert.Throws<ArgumentException>(() => Analyze(x, y, new() { Discard = 3000 })).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Single_observables_have_settings_of_their_own()
    {
        (double[] x, double[] y) = Coupled(11, 3000);
        var settings = new ErrorAnalysisSettings { Of = new Dictionary<string, ErrorSettings> { ["plaquette"] = new() { S = 3, TauExp = 40, Convention = GammaConvention.Pyerrors } } };
        EnsembleDocument document = Analyze(x, y, settings);
        ObservableDocument plaquette = document.Observables["plaquette"], other = document.Observables["polyakov_abs"];
        GammaResult expected = GammaMethod.Analyze([x], new GammaOptions { S = 3, TauExp = 40, Convention = GammaConvention.Pyerrors });
        Assert.Equal((expected.Error, expected.TauInt, "pyerrors", 3, 40), (plaquette.Error, plaquette.TauInt, plaquette.Convention, plaquette.S, plaquette.TauExp!.Value));
        Assert.Equal(("uwerr", 1.5, "gamma", 1), (other.Convention, other.S, other.Method, other.Bin));
        Assert.Null(other.TauExp);
    }

    [Fact]
    public void Table_and_page_say_what_makes_an_error_larger()
    {
        (double[] x, double[] y) = Coupled(1, 20_000);
        double[][] many = [.. Enumerable.Range(0, 32).Select(r => Coupled(500 + (ulong)r, 300).X)];
        EnsembleDocument tail = Analyze(x, y), scatter = EnsembleAnalysis.Analyze(
            new EnsembleSeries { Sampler = "heatbath", Observables = new Dictionary<string, IReadOnlyList<double[]>> { ["plaquette"] = [.. many.Select((chain, r) => chain.Select(value => value + (0.3 * (r % 2))).ToArray())] } },
            new ExactResults("SU3", "wilson", [4, 4], double.NaN));
        var document = new AnalysisDocument { Ensembles = new Dictionary<string, EnsembleDocument> { ["hmc"] = tail, ["heatbath"] = scatter } };
        using var output = new StringWriter();
        LatticeFlow.Cli.Output.ConsoleTable.Write(document, output);
        Assert.Contains("hmc: errors of plaquette contain the tail of polyakov_abs, tau_exp = ", output.ToString(), StringComparison.Ordinal);
        Assert.Contains("heatbath: errors of plaquette are those of the scatter of 32 replicas", output.ToString(), StringComparison.Ordinal);
        string page = ReportPage.Render(new ReportData { Name = "errors", Analysis = document });
        Assert.Contains("Γ, tail of ", page, StringComparison.Ordinal);
        Assert.Contains("scatter of replicas", page, StringComparison.Ordinal);
        // The file reads back as what it was.
        Assert.Equal(document.ToJson(), AnalysisDocument.FromJson(document.ToJson()).ToJson());
    }

    private static EnsembleDocument Analyze(double[] x, double[] y, ErrorAnalysisSettings? settings = null) => EnsembleAnalysis.Analyze(
        new EnsembleSeries { Sampler = "hmc", Observables = new Dictionary<string, IReadOnlyList<double[]>> { ["plaquette"] = [x], ["polyakov_abs"] = [y] } },
        new ExactResults("SU3", "wilson", [4, 4], double.NaN), settings: settings);

    private static double Tau(double a) => 0.5 * (1 + a) / (1 - a);

    private static (double[] X, double[] Y) Coupled(ulong seed, int length)
    {
        double[] fast = Series(Fast, (3 * seed) + 1, length), other = Series(Fast, (3 * seed) + 2, length), slow = Series(Slow, (3 * seed) + 3, length);
        return ([.. fast.Select((x, i) => (Math.Sqrt(1 - Coupling) * x) + (Math.Sqrt(Coupling) * slow[i]))], [.. slow.Select((x, i) => (Math.Sqrt(0.8) * x) + (Math.Sqrt(0.2) * other[i]))]);
    }

    // AR(1) of variance 1 from its stationary distribution.
    private static double[] Series(double a, ulong seed, int length)
    {
        var random = new TestRandom(seed * 15_485_863);
        double x = random.Gaussian(), step = Math.Sqrt(1 - (a * a));
        var series = new double[length];
        for (int i = 0; i < length; i++) series[i] = x = (a * x) + (step * random.Gaussian());
        return series;
    }
}
