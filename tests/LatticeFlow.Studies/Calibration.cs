using System.Globalization;
using LatticeFlow.Actions;
using LatticeFlow.Analysis;
using LatticeFlow.Compute;
using LatticeFlow.Exact;
using LatticeFlow.Groups;
using LatticeFlow.Lattice;
using LatticeFlow.Observables;
using LatticeFlow.Reports;
using LatticeFlow.Sampling;

namespace LatticeFlow.Studies;

/// <summary>Several series of one chain, the means that they must have and τ_int in steps of the chain; <c>Draw</c>(ensembles, replicas, length of each) gives independent ensembles <c>[observable][replica][step]</c>.</summary>
internal sealed record CalibrationCase(string Name, string[] Observables, double[] Means, double[] Tau, Func<int, int, int, IEnumerable<double[][][]>> Draw)
{
    /// <summary>Ensembles that there are at most.</summary>
    public int Most { get; init; } = int.MaxValue;
}

/// <summary>
/// How often mean ± error and τ ± dτ of the analysis cover what is true, over many independent ensembles of each length and number of replicas: with the plain Γ-method and as the program has it, and how often it says that the ensemble is too short.
/// </summary>
internal static class Calibration
{
    private static readonly int[] Lengths = [50, 200, 1000, 2000];
    private static readonly int[] Replicas = [1, 4, 32];
    private static readonly ExactResults Unknown = new("none", "none", [1], double.NaN);

    // At least as many ensembles as give a coverage to 2.5 %.
    private const int MostEnsembles = 600;
    private const int FewestEnsembles = 350;
    private const double MostValues = 2e7;

    private const int ChainsAtOnce = 64;
    private const int Thermalization = 4000;

    // Gaussian errors cover 68.3 %.
    private const double LeastCoverage = 0.60, MostCoverage = 0.75;

    /// <summary>Prints the table; exit code 3 where a coverage of mean or τ is outside 60–75 % by more than two of its errors while most ensembles do not say that they are too short.</summary>
    public static int Print(ComputeDevice device, string? filter)
    {
        Console.WriteLine("| series | observable | N / τ | N / slowest τ | replicas | ensembles | plain: covers | error / true | covers | error / true | τ covers | too short, says |\n|---|---|---:|---:|---:|---:|---:|---:|---:|---:|---:|---:|");
        int bad = 0, badTimes = 0, cells = 0;
        foreach (CalibrationCase series in Autoregressive().Concat(FastAndSlow()).Concat(Gauge(device, filter)).Where(one => filter is null || one.Name.Contains(filter, StringComparison.Ordinal)))
        {
            double slowest = series.Tau.Max();
            foreach (int replicas in Replicas)
            {
                foreach (int length in Lengths)
                {
                    int each = (int)Math.Ceiling(length * slowest / replicas);
                    if (each < 16 || each * (double)replicas * FewestEnsembles > 5 * MostValues) continue;
                    int ensembles = Math.Min(series.Most, (int)Math.Clamp(MostValues / (each * (double)replicas), FewestEnsembles, MostEnsembles));
                    var cell = Cell(series, replicas, each, ensembles);
                    for (int o = 0; o < series.Observables.Length; o++)
                    {
                        Console.WriteLine(cell[o].Row(series, o, length, replicas, each, ensembles));
                        if (cell[o].SaysTooShort(ensembles)) continue;
                        cells++;
                        if (!cell[o].IsRight(ensembles)) bad++;
                        if (!cell[o].HasRightTime(ensembles)) badTimes++;
                    }

                    Console.Out.Flush();
                }
            }
        }

        Console.WriteLine($"\n{cells} cells in which most ensembles do not say that they are too short; in {bad} of them mean ± error covers less than 60 % or more than 75 % by more than two standard deviations, and in {badTimes} τ ± dτ.");
        return bad + badTimes == 0 ? 0 : 3;
    }

    /// <summary>The tail of a known τ_exp as it is published (<c>tau_exp = T</c>), beside that by the correlation with a slow observable.</summary>
    public static int PrintTails()
    {
        const double Fast = 1 / 3.0, Slow = 0.98;
        const int Ensembles = 600;
        Console.WriteLine("| N / τ_exp | variance shared | plain: covers | published, true τ_exp: covers | error / true | scatter of the error | by correlation: covers | error / true | scatter of the error |\n|---:|---:|---:|---:|---:|---:|---:|---:|---:|");
        foreach (int length in new[] { 2500, 5000, 20_000 })
        {
            foreach (double coupling in new[] { 0, 0.005, 0.02, 0.1 })
            {
                double exact = 2 * (((1 - coupling) * Tau(Fast)) + (coupling * Tau(Slow))) / length;
                var errors = new List<GammaResult>[] { [], [], [] };
                for (int e = 1; e <= Ensembles; e++)
                {
                    double[][] f = Chains(Fast, (ulong)e, 0, 1, length), g = Chains(Fast, (ulong)e, 1, 1, length), s = Chains(Slow, (ulong)e, 2, 1, length);
                    double[][] x = Sum(f, Math.Sqrt(1 - coupling), s, Math.Sqrt(coupling)), y = Sum(g, Math.Sqrt(0.2), s, Math.Sqrt(0.8));
                    errors[0].Add(ErrorEstimate.Of(x, new ErrorSettings { TauExp = 0 }));
                    errors[1].Add(ErrorEstimate.Of(x, new ErrorSettings { TauExp = Tau(Slow) }));
                    errors[2].Add(new ErrorAnalysis(new ErrorAnalysisSettings(), [("x", x), ("y", y)]).Of("x", x));
                }

                string Covers(int i) => (errors[i].Count(result => Math.Abs(result.Mean) < result.Error) / (double)Ensembles).ToString("F3", CultureInfo.InvariantCulture);
                string Ratio(int i)
                {
                    double[] variances = [.. errors[i].Select(result => result.Error * result.Error / exact)];
                    double mean = variances.Average(), scatter = Math.Sqrt(variances.Average(v => v * v) - (mean * mean)) / (2 * mean);
                    return string.Create(CultureInfo.InvariantCulture, $"{Math.Sqrt(mean):F2} | {100 * scatter:F0} %");
                }

                Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"| {length / Tau(Slow):F0} | {coupling} | {Covers(0)} | {Covers(1)} | {Ratio(1)} | {Covers(2)} | {Ratio(2)} |"));
                Console.Out.Flush();
            }
        }

        return 0;
    }

    private static Count[] Cell(CalibrationCase series, int replicas, int each, int ensembles)
    {
        Count[] counts = [.. series.Observables.Select(_ => new Count())];
        foreach (double[][][] drawn in series.Draw(ensembles, replicas, each))
        {
            var named = series.Observables.Select((name, o) => (name, drawn[o])).ToDictionary(pair => pair.name, pair => (IReadOnlyList<double[]>)pair.Item2);
            EnsembleDocument document = EnsembleAnalysis.Analyze(new EnsembleSeries { Sampler = "chain", Seconds = 1, Observables = named }, Unknown);
            bool slowest = document.Warnings.Any(IsTooShort);
            for (int o = 0; o < series.Observables.Length; o++)
            {
                ObservableDocument found = document.Observables[series.Observables[o]];
                GammaResult plain = GammaMethod.Analyze(named[series.Observables[o]]);
                counts[o].Add(found, plain, series.Means[o], series.Tau[o], slowest || found.Warnings.Any(IsTooShort));
            }
        }

        return counts;
    }

    // Every way in which an ensemble says that its errors are not to be trusted.
    private static bool IsTooShort(string warning) => new[] { "tau_int =", "slowest mode", "topological sector changed", "never changed", "lower bound", "have not mixed", "scatter more" }.Any(words => warning.Contains(words, StringComparison.Ordinal));

    private sealed class Count
    {
        private int _plain, _covered, _ofTau, _short;
        private double _plainVariance, _variance, _scatter;

        public void Add(ObservableDocument found, GammaResult plain, double mean, double tau, bool tooShort)
        {
            if (Math.Abs(plain.Mean - mean) < plain.Error) _plain++;
            if (Math.Abs(found.Mean - mean) < found.Error) _covered++;
            if (Math.Abs(found.TauInt - tau) < found.TauIntError) _ofTau++;
            if (tooShort) _short++;
            _plainVariance += plain.Error * plain.Error;
            _variance += found.Error * found.Error;
            _scatter += (found.Mean - mean) * (found.Mean - mean);
        }

        public bool SaysTooShort(int ensembles) => _short > ensembles / 2;

        public bool IsRight(int ensembles) => IsBetween(_covered, ensembles);

        public bool HasRightTime(int ensembles) => IsBetween(_ofTau, ensembles);

        private static bool IsBetween(int count, int ensembles)
        {
            double covered = count / (double)ensembles, error = 2 * Math.Sqrt(0.68 * 0.32 / ensembles);
            return covered > LeastCoverage - error && covered < MostCoverage + error;
        }

        public string Row(CalibrationCase series, int o, int length, int replicas, int each, int ensembles) => string.Create(
            CultureInfo.InvariantCulture,
            $"| {series.Name} | {series.Observables[o]} | {each * replicas / series.Tau[o]:F0} | {length} | {replicas} | {ensembles} | {_plain / (double)ensembles:F3} | {Math.Sqrt(_plainVariance / _scatter):F2} | {_covered / (double)ensembles:F3} | {Math.Sqrt(_variance / _scatter):F2} | {_ofTau / (double)ensembles:F3} | {(_short == 0 ? "–" : $"{_short / (double)ensembles:F2}")} |");
    }

    /// <summary>x ← a x + g: τ_int = (1 + a)/(2 (1 − a)).</summary>
    private static IEnumerable<CalibrationCase> Autoregressive() => new[] { 0, 0.5, 0.8, 0.9, 0.97, 0.99 }.Select(a =>
        new CalibrationCase($"AR(1), a = {a.ToString(CultureInfo.InvariantCulture)}", ["x"], [0], [Tau(a)], (ensembles, replicas, each) =>
            Enumerable.Range(1, ensembles).Select(seed => new[] { Chains(a, (ulong)seed, 0, replicas, each) })));

    /// <summary>√(1−c) f + √c s of a fast and a slow one, and beside it an observable that is mostly the slow one.</summary>
    private static IEnumerable<CalibrationCase> FastAndSlow()
    {
        foreach (var (fast, slow, coupling) in new[] { (1 / 3.0, 0.98, 0.02), (0.6, 0.95, 0.1), (0, 0.99, 0.005) })
        {
            double[] tau = [((1 - coupling) * Tau(fast)) + (coupling * Tau(slow)), (0.2 * Tau(fast)) + (0.8 * Tau(slow))];
            yield return new(string.Create(CultureInfo.InvariantCulture, $"fast τ = {Tau(fast):G2} and slow τ = {Tau(slow):G3}, variance shared {coupling}"), ["fast", "slow"], [0, 0], tau, (ensembles, replicas, each) => Enumerable.Range(1, ensembles).Select(e =>
            {
                ulong seed = (ulong)e;
                double[][] f = Chains(fast, seed, 0, replicas, each), g = Chains(fast, seed, 1, replicas, each), s = Chains(slow, seed, 2, replicas, each);
                return new[] { Sum(f, Math.Sqrt(1 - coupling), s, Math.Sqrt(coupling)), Sum(g, Math.Sqrt(0.2), s, Math.Sqrt(0.8)) };
            }));
        }
    }

    /// <summary>U(1) on 8² at β = 4.5, where the charge changes slowly; all ensembles are parts of the same chains.</summary>
    private static IEnumerable<CalibrationCase> Gauge(ComputeDevice device, string? filter)
    {
        const double Beta = 4.5;
        const int Extent = 8;
        string[] names = ["plaquette", "wilson_loop_2x2", "topological_charge_squared"];
        var lattice = new LatticeGeometry(Extent, Extent);
        var exact = new TwoDimensionalU1(Beta, Extent, Extent);
        double[] means = [exact.Plaquette, exact.WilsonLoop(2, 2), exact.TopologicalChargeSquared];
        foreach (var (name, transition, stride) in new (string Name, ITransition, int)[]
        {
            ("HMC, Omelyan, 8 steps, length 1 ± 0.2, every third", HamiltonianMonteCarlo.Fixed(new Omelyan2(), 1, 8).WithLengthSpread(0.2), 3),
            ("heat bath + 1 overrelaxation", new HeatBath(1), 1),
        }.Where(one => filter is null || $"U1, {one.Name}".Contains(filter, StringComparison.Ordinal)))
        {
            double[] tau = TauOf(device, lattice, Beta, transition, names, stride);
            Console.Error.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{name}: tau_int {string.Join(", ", tau.Select(value => value.ToString("F1", CultureInfo.InvariantCulture)))}"));
            double[][][] pool = Pool((int)Math.Ceiling(Lengths[^1] * tau.Max()) + Replicas[^1], (each, seed) => Chain(device, lattice, Beta, transition, names, stride, ChainsAtOnce, each, seed));
            yield return new($"U1, {name}", names, means, tau, (ensembles, replicas, each) => CutOut(pool, ensembles, replicas, each)) { Most = FewestEnsembles };
        }
    }

    // As many chains as the longest ensembles need, [observable][chain][step].
    private static double[][][] Pool(int each, Func<int, ulong, double[][][]> draw)
    {
        double[][][][] drawn = [.. Enumerable.Range(0, (FewestEnsembles + ChainsAtOnce - 1) / ChainsAtOnce).Select(batch => draw(each, (ulong)batch + 1000))];
        return [.. Enumerable.Range(0, drawn[0].Length).Select(o => drawn.SelectMany(batch => batch[o]).ToArray())];
    }

    // The replicas of an ensemble are parts of different chains; parts of one chain are in different ensembles, and no two share a step.
    private static IEnumerable<double[][][]> CutOut(double[][][] pool, int ensembles, int replicas, int each)
    {
        int chains = pool[0].Length;
        for (int e = 0; e < ensembles; e++)
        {
            yield return [.. pool.Select(series => Enumerable.Range(e * replicas, replicas).Select(part => series[part % chains].AsSpan(part / chains * each, each).ToArray()).ToArray())];
        }
    }

    // 64 chains of 60,000: to a per cent.
    private static double[] TauOf(ComputeDevice device, LatticeGeometry lattice, double beta, ITransition transition, string[] names, int stride)
    {
        double[][][] chains = Chain(device, lattice, beta, transition, names, stride, 64, 60_000 / stride, 1);
        SlowMode[] slow = [SlowMode.Of("slow", chains[^1], new GammaOptions())!];
        return [.. chains.Select(series => GammaMethod.Analyze(series, new GammaOptions { SlowModes = slow, ReplicaScatter = false }).TauInt)];
    }

    private static double[][][] Chain(ComputeDevice device, LatticeGeometry lattice, double beta, ITransition transition, string[] names, int stride, int replicas, int each, ulong seed)
    {
        using var chain = MarkovChain.Create(device, new()
        {
            Action = new WilsonAction(lattice, beta),
            Transition = transition,
            Replicas = replicas,
            Seed = seed,
            Start = ChainStart.Mixed,
            Thermalization = Thermalization,
            Stride = stride,
            Observables = [.. names.Select(name => ObservableRegistry.Create(name, lattice, GaugeGroup.U1))],
        });
        chain.Thermalize();
        const int Draws = 1000;
        double[][][] series = [.. names.Select(_ => Enumerable.Range(0, replicas).Select(_ => new double[each]).ToArray())];
        for (int done = 0; done < each;)
        {
            var block = chain.NewBlock(Math.Min(Draws, each - done));
            chain.Fill(block);
            for (int o = 0; o < names.Length; o++)
            {
                double[] values = block.Observables[names[o]];
                for (int i = 0; i < block.Draws; i++)
                {
                    for (int r = 0; r < replicas; r++) series[o][r][done + i] = values[(i * replicas) + r];
                }
            }

            done += block.Draws;
        }

        return series;
    }

    private static double Tau(double a) => 0.5 * (1 + a) / (1 - a);

    private static double[][] Sum(double[][] x, double a, double[][] y, double b) => [.. x.Select((series, r) => series.Select((value, i) => (a * value) + (b * y[r][i])).ToArray())];

    // Variance 1.
    private static double[][] Chains(double a, ulong seed, int part, int replicas, int each) => [.. Enumerable.Range(0, replicas).Select(r =>
    {
        var random = new Uniform(DerivedSeed.Of(seed, "calibration", string.Create(CultureInfo.InvariantCulture, $"{part}-{r}")));
        double step = Math.Sqrt(1 - (a * a)), x = Gaussian(random);
        var series = new double[each];
        for (int i = 0; i < each; i++) series[i] = x = (a * x) + (step * Gaussian(random));
        return series;
    })];

    private static double Gaussian(Uniform random) => Math.Sqrt(-2 * Math.Log(1 - random.Next())) * Math.Cos(2 * Math.PI * random.Next());

    /// <summary>splitmix64 (S. Vigna): one stream a chain, apart from the numbers that the library draws.</summary>
    private sealed class Uniform(ulong state)
    {
        public double Next()
        {
            state += 0x9E3779B97F4A7C15UL;
            ulong z = state;
            z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9UL;
            z = (z ^ (z >> 27)) * 0x94D049BB133111EBUL;
            return ((z ^ (z >> 31)) >> 11) / 9007199254740992.0;
        }
    }
}
