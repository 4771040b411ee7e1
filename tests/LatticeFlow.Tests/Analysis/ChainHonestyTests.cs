using LatticeFlow.Actions;
using LatticeFlow.Analysis;
using LatticeFlow.Cli.Configuration;
using LatticeFlow.Cli.Services;
using LatticeFlow.Exact;
using LatticeFlow.Groups;
using LatticeFlow.Lattice;
using LatticeFlow.Observables;
using LatticeFlow.Reports;
using LatticeFlow.Sampling;

namespace LatticeFlow.Tests.Analysis;

/// <summary>Series whose errors are known, of kinds that make an analysis believe too much. All seeds are fixed.</summary>
public class ChainHonestyTests
{
    private static readonly ExactResults Unknown = new("U1", "sum", [6, 6], double.NaN);

    /// <summary>AR(1) with a &lt; 0: τ_int = (1 + a)/(2 (1 − a)). Means of 40 series: the printed error is that of the scatter within 15 %, or above it where the sum is below its own noise.</summary>
    [Theory]
    [InlineData(-0.3, 0.85, 1.15)]
    [InlineData(-0.5, 0.85, 1.15)]
    [InlineData(-0.7, 0.85, 1.3)]
    [InlineData(-0.9, 0.85, 6)]
    public void Anticorrelated_series_have_their_errors(double a, double least, double most)
    {
        const int Length = 4000;
        double exact = Math.Sqrt((1 + a) / (1 - a) / (1 - (a * a)) / Length);
        GammaResult[] results = [.. Enumerable.Range(0, 40).Select(seed => GammaMethod.Analyze([Autoregressive(a, Length, (ulong)seed + 1)]))];
        Assert.All(results, result => Assert.True(result.Has(GammaWarningKind.Anticorrelated)));
        Assert.InRange(results.Average(result => result.Error) / exact, least, most);
        Assert.All(results, result => Assert.InRange(result.Error, 0.6 * exact, double.PositiveInfinity));
        Assert.All(results, result => Assert.InRange(result.TauInt, 0, 0.5));
    }

    /// <summary>Four replicas that stand still, each at a value of its own up to the rounding of a sum: no error, in words.</summary>
    [Fact]
    public void Replicas_that_stand_still_have_no_error()
    {
        var random = new TestRandom(3);
        double[][] replicas = [.. new[] { 0.71, 0.74, 0.69, 0.73 }.Select(value => Enumerable.Range(0, 16).Select(_ => value * (1 + (1e-15 * random.Uniform()))).ToArray())];
        GammaResult result = GammaMethod.Analyze(replicas);
        Assert.True(result.Has(GammaWarningKind.FrozenReplicas));
        Assert.True(double.IsNaN(result.Error));
        Assert.True(double.IsNaN(result.TauInt));
        Assert.True(GammaMethod.Analyze([[.. Enumerable.Repeat(0.7, 10)], [.. Enumerable.Repeat(0.7 + 1e-16, 10)]]).Has(GammaWarningKind.Constant));
    }

    /// <summary>Nearly frozen: each replica moves once. What was summed was cut off, so that τ is known to its own size at best.</summary>
    [Fact]
    public void An_autocorrelation_that_was_cut_off_has_an_error_as_large_as_itself()
    {
        double[][] replicas = [.. Enumerable.Range(0, 4).Select(r => Enumerable.Range(0, 16).Select(i => r + (i > 14 ? 0.1 : 0)).ToArray())];
        GammaResult result = GammaMethod.Analyze(replicas);
        Assert.True(result.Has(GammaWarningKind.NoWindow));
        Assert.InRange(result.TauIntError, result.TauInt, double.PositiveInfinity);
    }

    /// <summary>AR(1) of τ_int = 4.5 in 400 replicas of 20: the mean and its error are right, and R̂ is what chains of 20 have. The same chains each about a place of its own are not converged.</summary>
    [Fact]
    public void Many_short_replicas_pass_and_frozen_ones_do_not()
    {
        double[][] chains = [.. Enumerable.Range(0, 400).Select(r => Autoregressive(0.8, 20, 100 + (ulong)r))];
        EnsembleDocument good = Analyze(chains);
        Assert.InRange(good.Observables["plaquette"].RHat!.Value, 1.1, 2);
        Assert.Empty(Verdict.Failures(Document(good), AnalyzeSettings.AllFailures));
        Assert.DoesNotContain(good.Observables["plaquette"].Warnings, warning => warning.Contains("R-hat", StringComparison.Ordinal));
        var random = new TestRandom(4);
        EnsembleDocument frozen = Analyze([.. chains.Select(chain => { double place = 8 * random.Gaussian(); return chain.Select(x => x + place).ToArray(); })]);
        Assert.Contains(Verdict.Failures(Document(frozen), AnalyzeSettings.AllFailures), failure => failure.Contains("R-hat", StringComparison.Ordinal));
    }

    /// <summary>Gaussian ΔH with ⟨ΔH⟩ = σ²/2: ⟨e^{−ΔH}⟩ = 1 exactly, and at an acceptance of 0.2 no sample shows it.</summary>
    [Theory]
    [InlineData(3.3, true)]
    [InlineData(0.05, false)]
    public void The_mean_of_exp_minus_delta_H_is_judged_where_it_can_be(double mean, bool tooRare)
    {
        for (ulong seed = 1; seed <= 10; seed++)
        {
            var random = new TestRandom(seed);
            double[] deltaH = [.. Enumerable.Range(0, 2000).Select(_ => mean + (Math.Sqrt(2 * mean) * random.Gaussian()))];
            EnsembleDocument ensemble = EnsembleAnalysis.Analyze(Series([Autoregressive(0, 2000, seed)]) with { DeltaH = [deltaH] }, Unknown);
            Assert.Equal(tooRare, ensemble.Warnings.Any(warning => warning.Contains("cannot be judged", StringComparison.Ordinal)));
            Assert.DoesNotContain(ensemble.Warnings, warning => warning.Contains("not reversible", StringComparison.Ordinal));
            Assert.Empty(Verdict.Failures(Document(ensemble), AnalyzeSettings.AllFailures));
        }

        // One that is wrong is still found.
        EnsembleDocument wrong = EnsembleAnalysis.Analyze(Series([Autoregressive(0, 2000, 1)]) with { DeltaH = [[.. Autoregressive(0, 2000, 2).Select(x => 0.3 * x)]] }, Unknown);
        Assert.Contains(Verdict.Failures(Document(wrong), AnalyzeSettings.AllFailures), failure => failure.Contains("<exp(-dH)>", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(3.0, true)]
    [InlineData(0.5, false)]
    [InlineData(0.0, false)]
    public void Heavy_tails_are_called_out(double sigma, bool heavy)
    {
        for (ulong seed = 1; seed <= 5; seed++)
        {
            double[] normal = Autoregressive(0, 4000, seed);
            ObservableDocument result = Analyze([[.. normal.Select(x => sigma == 0 ? x : Math.Exp(sigma * x))]]).Observables["plaquette"];
            Assert.Equal(heavy, result.Warnings.Any(warning => warning.Contains("heavy tail", StringComparison.Ordinal)));
            double[] mirrored = [.. normal.Select(x => sigma == 0 ? x : -Math.Exp(sigma * x))];
            Assert.Equal(heavy, Analyze([mirrored]).Observables["plaquette"].Warnings.Any(warning => warning.Contains("heavy tail", StringComparison.Ordinal)));
        }
    }

    /// <summary>−ln of a mean that is negative in one short replica of 400: the quantity is there, its bias of order 1/N stays, and that is said.</summary>
    [Fact]
    public void A_derived_quantity_survives_a_replica_where_it_does_not_exist()
    {
        double[][] replicas = [.. Enumerable.Range(0, 400).Select(r => Autoregressive(0, 20, 300 + (ulong)r).Select(x => 0.5 + x).ToArray())];
        Assert.Contains(replicas, replica => replica.Average() < 0);
        GammaResult result = GammaMethod.AnalyzeDerived([replicas], means => -Math.Log(means[0]));
        Assert.True(result.Has(GammaWarningKind.BiasNotCorrected));
        Assert.InRange(result.Mean, -Math.Log(0.5) - (5 * result.Error), -Math.Log(0.5) + (5 * result.Error));
        Assert.Equal(1 / 0.5 / Math.Sqrt(8000), result.Error, 0.1 * result.Error);
        Assert.Null(result.Q);
        GammaResult throwing = GammaMethod.AnalyzeDerived([replicas], means => means[0] > 0 ? -Math.Log(means[0]) : throw new ArgumentException("no logarithm"));
        Assert.Equal(result.Mean, throwing.Mean);
    }

    [Fact]
    public void Changes_of_the_sector_are_counted()
    {
        SectorChanges changes = SectorChanges.Of([[0, 0, 1, 1, 0], [2, 2, 2, 2, 2]]);
        Assert.Equal((2, 0, 2, 10), (changes.Changes, changes.Fewest, changes.Chains, changes.Configurations));
        Assert.Equal(2.5, changes.Time);
        Assert.Equal(0.75, changes.UnvisitedLimit);
    }

    /// <summary>A constant charge fails; not where independent configurations would have the same one, as exact results say: at β = 2 on 2² P(0) = 0.85, at β = 40 it is 1 − 10⁻⁸.</summary>
    [Fact]
    public void A_charge_that_never_changes_fails_where_it_should_have()
    {
        double[] zeros = new double[1000];
        EnsembleDocument frozen = EnsembleAnalysis.Analyze(WithCharge(zeros), Unknown);
        Assert.True(frozen.SectorChanges!.Frozen);
        Assert.Contains(Verdict.Failures(Document(frozen), AnalyzeSettings.AllFailures), failure => failure.Contains("never changed", StringComparison.Ordinal));
        Assert.Empty(Verdict.Failures(Document(frozen), [FailureKind.Pull, FailureKind.RHat]));
        Assert.False(EnsembleAnalysis.Analyze(WithCharge(zeros), new ExactResults("U1", "wilson", [2, 2], 40)).SectorChanges!.Frozen);
        Assert.True(EnsembleAnalysis.Analyze(WithCharge(zeros), new ExactResults("U1", "wilson", [6, 6], 4.5)).SectorChanges!.Frozen);
        double[] once = new double[1000];
        once[400] = 1;
        EnsembleDocument seldom = EnsembleAnalysis.Analyze(WithCharge(once), Unknown);
        Assert.Equal("the topological sector", seldom.SlowestMode!.Name);
        Assert.Contains(seldom.Warnings, warning => warning.Contains("changed 2 times", StringComparison.Ordinal));
        Assert.Contains(seldom.Warnings, warning => warning.Contains("slowest mode", StringComparison.Ordinal));
    }

    /// <summary>Re P in the confined phase stays near one of the images of the centre for as long as a run: a warning.</summary>
    [Fact]
    public void What_does_not_mix_only_by_symmetry_warns()
    {
        double[][] chains = [.. Enumerable.Range(0, 4).Select(r => Autoregressive(0.2, 400, 40 + (ulong)r).Select(x => x + (r % 2 == 0 ? 6 : -6)).ToArray())];
        EnsembleDocument ensemble = EnsembleAnalysis.Analyze(Series(chains, "polyakov_re"), Unknown);
        Assert.Contains(ensemble.Observables["polyakov_re"].Warnings, warning => warning.Contains("R-hat", StringComparison.Ordinal));
        Assert.Empty(Verdict.Failures(Document(ensemble), AnalyzeSettings.AllFailures));
        Assert.NotEmpty(Verdict.Failures(Document(EnsembleAnalysis.Analyze(Series(chains, "polyakov_abs"), Unknown)), AnalyzeSettings.AllFailures));
    }

    /// <summary>
    /// Hamiltonian Monte Carlo of U(1) on 6², a hundred chains of 2,000 trajectories, each on its own. At β = 4.5 ⟨Q²⟩ = 0.1931, and many chains see another sector a few times or never: no ⟨Q²⟩, charge or plaquette is
    /// off by more than four of its errors without a warning in its ensemble. At β = 1 chains move, and few are warned.
    /// </summary>
    [Theory]
    [InlineData(4.5, 0.1931, 1, 100)]
    [InlineData(1.0, 1.4629, 0, 15)]
    public void No_chain_that_hardly_moved_looks_converged(double beta, double chargeSquared, int fewestWarned, int mostWarned)
    {
        const int Chains = 100, Length = 2000;
        var lattice = new LatticeGeometry(6, 6);
        using var device = CpuDevices.Best();
        using var chain = MarkovChain.Create(device, new()
        {
            Action = new WilsonAction(lattice, beta),
            Transition = HamiltonianMonteCarlo.Fixed(new Omelyan2(), 1, 8).WithLengthSpread(0.4),
            Replicas = Chains,
            Seed = 2001,
            Thermalization = 300,
            Observables = [.. Names.Select(name => ObservableRegistry.Create(name, lattice, GaugeGroup.U1))],
        });
        var block = chain.NewBlock(Length);
        chain.Fill(block);
        var exact = new TwoDimensionalU1(beta, 6, 6);
        double[] values = [exact.Plaquette, 0, exact.TopologicalChargeSquared];
        Assert.Equal(chargeSquared, exact.TopologicalChargeSquared, 1e-3);
        var silent = new List<string>();
        int warned = 0;
        for (int r = 0; r < Chains; r++)
        {
            int replica = r;
            double[] Column(string name) => [.. Enumerable.Range(0, Length).Select(draw => block.Observables[name][(draw * Chains) + replica])];
            EnsembleDocument ensemble = EnsembleAnalysis.Analyze(
                new EnsembleSeries { Sampler = "hmc", Seconds = 1, Observables = Names.ToDictionary(name => name, name => (IReadOnlyList<double[]>)[Column(name)]) }, Unknown);
            if (ensemble.Warnings.Count > 0 || ensemble.Observables.Values.Any(result => result.Warnings.Count > 0)) warned++;
            else silent.AddRange(Names.Zip(values, (name, value) => (name, result: ensemble.Observables[name], value)).Where(one => Math.Abs(one.result.Mean - one.value) > 4 * one.result.Error)
                .Select(one => $"chain {replica}, {one.name}: {one.result.Mean} ± {one.result.Error}, exact {one.value}, tau {one.result.TauInt}, {ensemble.SectorChanges!.Changes} changes, slowest {ensemble.SlowestMode}"));
        }

        Assert.True(silent.Count == 0, string.Join("\n", silent));
        Assert.InRange(warned, fewestWarned, mostWarned);
    }

    /// <summary>U(1) on 4² at β = 20: hot chains end in sectors that they do not leave, with a plaquette of 0.90 for 0.976. Started hot and cold by turns they disagree, and R̂ says so.</summary>
    [Theory]
    [InlineData(ChainStart.Hot)]
    [InlineData(ChainStart.Mixed)]
    public void Chains_in_a_wrong_sector_do_not_pass(ChainStart start)
    {
        const int Chains = 16, Length = 200;
        var lattice = new LatticeGeometry(4, 4);
        using var device = CpuDevices.Best();
        using var chain = MarkovChain.Create(device, new()
        {
            Action = new WilsonAction(lattice, 20),
            Transition = HamiltonianMonteCarlo.Fixed(new Omelyan2(), 1, 20).WithLengthSpread(0.2),
            Replicas = Chains,
            Seed = 3,
            Start = start,
            Thermalization = 200,
            Observables = [ObservableRegistry.Create("plaquette", lattice, GaugeGroup.U1)],
        });
        var block = chain.NewBlock(Length);
        chain.Fill(block);
        EnsembleDocument ensemble = Analyze([.. Enumerable.Range(0, Chains).Select(r => Enumerable.Range(0, Length).Select(draw => block.Observables["plaquette"][(draw * Chains) + r]).ToArray())]);
        Assert.Contains(Verdict.Failures(Document(ensemble), AnalyzeSettings.AllFailures), failure => failure.Contains("R-hat", StringComparison.Ordinal));
        double exact = new TwoDimensionalU1(20, 4, 4).Plaquette;
        double[] ofChain = [.. Enumerable.Range(0, Chains).Select(r => Enumerable.Range(0, Length).Average(draw => block.Observables["plaquette"][(draw * Chains) + r]))];
        // Cold chains are where the weight is.
        if (start == ChainStart.Mixed) Assert.All(ofChain.Where((_, r) => r % 2 == 1), plaquette => Assert.Equal(exact, plaquette, 0.01));
        Assert.Contains(ofChain, plaquette => plaquette < 0.95);
    }

    private static readonly string[] Names = ["plaquette", "topological_charge", "topological_charge_squared"];

    private static EnsembleSeries WithCharge(double[] charge) => new()
    {
        Sampler = "hmc",
        Seconds = 1,
        Observables = new Dictionary<string, IReadOnlyList<double[]>>
        {
            ["plaquette"] = [Autoregressive(0, charge.Length, 9)],
            ["topological_charge"] = [charge],
        },
    };

    private static EnsembleSeries Series(double[][] chains, string name = "plaquette") =>
        new() { Sampler = "hmc", Seconds = 1, Observables = new Dictionary<string, IReadOnlyList<double[]>> { [name] = chains } };

    private static EnsembleDocument Analyze(double[][] chains) => EnsembleAnalysis.Analyze(Series(chains), Unknown);

    private static AnalysisDocument Document(EnsembleDocument ensemble) => new() { Ensembles = new Dictionary<string, EnsembleDocument> { ["hmc"] = ensemble } };

    /// <summary>x ← a x + g from its stationary distribution, g normal with variance 1.</summary>
    private static double[] Autoregressive(double a, int length, ulong seed)
    {
        var random = new TestRandom(seed * 7919);
        double x = random.Gaussian() / Math.Sqrt(1 - (a * a));
        return [.. Enumerable.Range(0, length).Select(_ => x = (a * x) + random.Gaussian())];
    }
}
