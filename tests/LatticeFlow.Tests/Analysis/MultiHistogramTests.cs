using LatticeFlow.Expressions;
using LatticeFlow.Reweighting;

namespace LatticeFlow.Tests;

public class MultiHistogramTests
{
    // Densities of states e^{−(s − m)²/2v}: at β the action s is normal with mean m − βv and variance v, ln Z = −βm + β²v/2.
    private const double Middle = -30, Variance = 4;

    [Fact]
    public void Free_energies_and_means_are_those_of_a_normal_density_of_states()
    {
        var ensembles = Ensembles(3, 20_000, [1.0, 1.4, 1.8]);
        var histogram = new MultiHistogram(ensembles);
        for (int k = 0; k < 3; k++) Assert.Equal(FreeEnergy(ensembles[k].Beta) - FreeEnergy(1.0), histogram.FreeEnergies[k], 0.05);
        foreach (double beta in new[] { 1.0, 1.2, 1.6, 2.0 })
        {
            var sample = histogram.At(beta);
            var action = ensembles.Select(ensemble => ensemble.Action).ToArray();
            double mean = sample.Mean(action), error = ReweightedSample.Error(sample.Influence(action, mean));
            Assert.InRange((mean - (Middle - (beta * Variance))) / error, -5, 5);
            Assert.InRange(error, 1e-3, 0.06);
            Assert.Equal(FreeEnergy(beta) - FreeEnergy(1.0), sample.FreeEnergy, 0.05);
            Assert.InRange(sample.EffectiveFraction, 0.05, 1);
        }

        Assert.True(histogram.At(6).EffectiveSamples < 10);
        Assert.InRange(histogram.Overlap(0, 1), 0.5, 0.99);
        Assert.True(histogram.Overlap(0, 2) < histogram.Overlap(0, 1));
    }

    [Fact]
    public void One_ensemble_at_its_own_coupling_is_a_plain_mean()
    {
        var ensembles = Ensembles(5, 2000, [1.0]);
        var sample = new MultiHistogram(ensembles).At(1.0);
        Assert.Equal(ensembles[0].Action.Average(replica => replica.Average()), sample.Mean([ensembles[0].Action]), 1e-11);
        double mean = sample.Mean([ensembles[0].Action]);
        Assert.Equal(1, ReweightedSample.Error(sample.Influence([ensembles[0].Action], mean)) / LatticeFlow.Analysis.GammaMethod.Analyze(ensembles[0].Action).Error, 1e-9);
        Assert.Equal(1, sample.EffectiveFraction, 1e-9);
    }

    [Fact]
    public void Errors_are_right_as_often_as_they_say()
    {
        // 200 sets of three ensembles with τ_int = 1.5: between and beyond the couplings the truth is within an error in 68 % ± 3.3 % of all; the limits are five standard deviations. So is the variance, a formula of two means.
        const int Sets = 200;
        int between = 0, beyond = 0, variance = 0;
        for (int i = 0; i < Sets; i++)
        {
            var ensembles = Ensembles(100 + i, 1000, [1.0, 1.3, 1.6]);
            IReadOnlyList<double[]>[] action = [.. ensembles.Select(ensemble => ensemble.Action)], squares = [.. ensembles.Select(ensemble => (IReadOnlyList<double[]>)[.. ensemble.Action.Select(replica => replica.Select(s => s * s).ToArray())])];
            var histogram = new MultiHistogram(ensembles);
            var quantity = new ReweightedQuantity("s", new Variable(0, 0), [action]);
            between += Inside(quantity.Linear(histogram.At(1.45)), Middle - (1.45 * Variance));
            beyond += Inside(quantity.Linear(histogram.At(1.75)), Middle - (1.75 * Variance));
            var spread = new ReweightedQuantity("v", new Operation('-', new Variable(1, 0), new Operation('*', new Variable(0, 0), new Variable(0, 0), 0), 0), [action, squares]);
            variance += Inside(spread.Linear(histogram.At(1.15)), Variance);
        }

        foreach (int inside in new[] { between, beyond, variance }) Assert.InRange(inside / (double)Sets, 0.683 - 0.165, 0.683 + 0.165);

        static int Inside((double Value, double[][][] Influence) result, double truth) => Math.Abs(result.Value - truth) < ReweightedSample.Error(result.Influence) ? 1 : 0;
    }

    [Fact]
    public void A_peak_is_found_where_it_is_and_scatters_as_its_error_says()
    {
        // O = −(s − s0)²: its mean −v − (m − βv − s0)² has its maximum −v where m − βv = s0.
        const int Sets = 60;
        const double Place = 1.27;
        int inside = 0, high = 0;
        for (int i = 0; i < Sets; i++)
        {
            var ensembles = Ensembles(900 + i, 1000, [1.0, 1.3, 1.6]);
            double centre = Middle - (Place * Variance);
            IReadOnlyList<double[]>[] values = [.. ensembles.Select(ensemble => (IReadOnlyList<double[]>)[.. ensemble.Action.Select(replica => replica.Select(s => -(s - centre) * (s - centre)).ToArray())])];
            var peak = new ReweightedQuantity("o", new Variable(0, 0), [values]).Peak(new MultiHistogram(ensembles), [.. Enumerable.Range(0, 13).Select(step => 1 + (0.05 * step))]);
            Assert.NotNull(peak);
            inside += Math.Abs(peak.Beta - Place) < peak.BetaError ? 1 : 0;
            high += Math.Abs(peak.Value + Variance) < peak.Error ? 1 : 0;
        }

        // 60 sets: 68 % ± 6 %, five standard deviations.
        foreach (int count in new[] { inside, high }) Assert.InRange(count / (double)Sets, 0.683 - 0.3, 0.683 + 0.3);
    }

    private static double FreeEnergy(double beta) => (beta * Middle) - (beta * beta * Variance / 2);

    private static CouplingEnsemble[] Ensembles(int seed, int length, double[] betas)
    {
        var random = new Random(seed);
        return [.. betas.Select(beta =>
        {
            double[][] replicas = [new double[length / 2], new double[length / 2]];
            foreach (double[] replica in replicas)
            {
                double x = UserQuantityTests.Normal(random);
                for (int i = 0; i < replica.Length; i++)
                {
                    x = (0.5 * x) + (Math.Sqrt(0.75) * UserQuantityTests.Normal(random));
                    replica[i] = Middle - (beta * Variance) + (Math.Sqrt(Variance) * x);
                }
            }

            return CouplingEnsemble.Of(beta, replicas);
        })];
    }
}
