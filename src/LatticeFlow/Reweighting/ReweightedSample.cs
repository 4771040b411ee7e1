using LatticeFlow.Analysis;

namespace LatticeFlow.Reweighting;

/// <summary>All configurations with their weights at one coupling.</summary>
public sealed class ReweightedSample
{
    private readonly MultiHistogram source;

    // u_n/B: Σ_n a_n of it is 1.
    private readonly double[] weight;

    internal ReweightedSample(MultiHistogram source, double coupling, double[] weight, double effective, double freeEnergy)
    {
        (this.source, this.weight) = (source, weight);
        (Coupling, EffectiveSamples, FreeEnergy) = (coupling, effective, freeEnergy);
    }

    /// <summary>β.</summary>
    public double Coupling { get; }

    /// <summary>(Σ w)²/Σ w² of independent configurations.</summary>
    public double EffectiveSamples { get; }

    /// <summary>Their share of all independent configurations of all ensembles.</summary>
    public double EffectiveFraction => EffectiveSamples / source.Independent;

    /// <summary>−ln(Z(β)/Z(β_0)).</summary>
    public double FreeEnergy { get; }

    /// <summary>⟨O⟩ at the coupling; <paramref name="values"/> is <c>[ensemble][replica][configuration]</c>.</summary>
    public double Mean(IReadOnlyList<IReadOnlyList<double[]>> values)
    {
        double sum = 0;
        for (int k = 0; k < values.Count; k++)
        {
            double a = source.ShareOf(k);
            int n = source.RowsOf(k).From;
            foreach (double[] replica in values[k])
            {
                foreach (double value in replica) sum += a * value * weight[n++];
            }
        }

        return sum;
    }

    /// <summary>
    /// How ⟨O⟩ moves with each configuration, <c>[ensemble][replica][configuration]</c>: the mean over ensemble k moves it by the mean of these over k, the free energies that follow included. So the variance of ⟨O⟩ is the sum over ensembles of the
    /// variances of these means, with autocorrelations by the Γ-method; nothing but the linear order is left out.
    /// </summary>
    public double[][][] Influence(IReadOnlyList<IReadOnlyList<double[]>> values, double mean)
    {
        int count = source.Ensembles.Count;
        var p = new double[count];
        var c = new double[count];
        ForEach((k, r, i, n) =>
        {
            source.Probabilities(n, p);
            double term = source.ShareOf(k) * (values[k][r][i] - mean) * weight[n];
            for (int j = 0; j < count; j++) c[j] += term * p[j];
        });
        double[] d = source.SolveFor(c);
        double[][][] influence = [.. values.Select(ensemble => ensemble.Select(replica => new double[replica.Length]).ToArray())];
        ForEach((k, r, i, n) =>
        {
            source.Probabilities(n, p);
            double sum = (values[k][r][i] - mean) * weight[n];
            for (int j = 1; j < count; j++) sum += d[j] * p[j];
            influence[k][r][i] = source.M(k) * sum;
        });
        return influence;

        void ForEach(Action<int, int, int, int> work)
        {
            for (int k = 0; k < count; k++)
            {
                int n = source.RowsOf(k).From;
                for (int r = 0; r < values[k].Count; r++)
                {
                    for (int i = 0; i < values[k][r].Length; i++) work(k, r, i, n++);
                }
            }
        }
    }

    /// <summary>Σ of the variances of the means of an influence over each ensemble, its root.</summary>
    public static double Error(double[][][] influence)
    {
        ArgumentNullException.ThrowIfNull(influence);
        double variance = 0;
        foreach (double[][] ensemble in influence)
        {
            double error = GammaMethod.Analyze(ensemble).Error;
            variance += error * error;
        }

        return Math.Sqrt(variance);
    }
}
