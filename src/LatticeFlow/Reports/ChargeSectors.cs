using LatticeFlow.Analysis;

namespace LatticeFlow.Reports;

/// <summary>P(Q): the fraction of configurations in each topological sector, with errors of the Γ-method on the indicator of the sector.</summary>
internal static class ChargeSectors
{
    public const string Charge = "topological_charge";

    // Links in single precision leave Q this close to an integer; what is further away is no charge.
    private const double Integrality = 1e-2;
    private const int LargestCharge = 20;

    /// <summary>Exact sectors below this are not listed unless they were visited.</summary>
    private const double SmallestProbability = 1e-4;

    /// <summary>Empty where the charge was not measured or is no integer. Sectors beyond ±20 are left out.</summary>
    public static IReadOnlyList<SectorDocument> Of(EnsembleSeries series, ExactResults exact, ErrorAnalysis errors)
    {
        if (!series.Observables.TryGetValue(Charge, out IReadOnlyList<double[]>? replicas) || !AreIntegers(replicas))
            return [];
        double[][] rounded = EnsembleAnalysis.Map(replicas, Math.Round);
        int largest = (int)Math.Min(LargestCharge, rounded.Max(replica => replica.Max(Math.Abs)));
        while (largest < LargestCharge && exact.ProbabilityOfCharge(largest + 1) >= SmallestProbability)
            largest++;
        var sectors = new List<SectorDocument>();
        for (int charge = -largest; charge <= largest; charge++)
        {
            int wanted = charge;
            GammaResult result = EnsembleAnalysis.Gamma(series, errors, $"P({charge})", series.Weighed(EnsembleAnalysis.Map(rounded, x => x == wanted ? 1 : 0)));
            sectors.Add(new SectorDocument(charge, result.Mean, result.Error, exact.ProbabilityOfCharge(charge)));
        }

        return sectors;
    }

    /// <summary>Whether they are integers up to the rounding of links in single precision.</summary>
    public static bool AreIntegers(IReadOnlyList<double[]> charges) => !charges.Any(replica => replica.Any(x => Math.Abs(x - Math.Round(x)) > Integrality));
}
