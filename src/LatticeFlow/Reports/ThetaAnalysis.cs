using LatticeFlow.Analysis;

namespace LatticeFlow.Reports;

/// <summary>Every observable of an ensemble at θ, by <see cref="ThetaReweighting"/>.</summary>
internal static class ThetaAnalysis
{
    /// <summary>One document a θ; the charge has to be among the observables. What cannot be told from zero is left out and warned about.</summary>
    public static IReadOnlyList<ThetaDocument> Of(EnsembleSeries series, ExactResults exact, ErrorAnalysis errors, IReadOnlyList<double> thetas, List<string> warnings)
    {
        if (thetas.Count == 0)
            return [];
        if (!series.Observables.TryGetValue(ChargeSectors.Charge, out IReadOnlyList<double[]>? charge))
            throw new ArgumentException($"{series.Sampler}: values at theta need {ChargeSectors.Charge} among the observables.");
        return [.. thetas.Select(theta => At(theta))];

        ThetaDocument At(double theta)
        {
            var observables = new Dictionary<string, ReweightedDocument>();
            ReweightedDocument sign = Document(ThetaReweighting.AverageSign(charge, theta, errors.Options("average_sign")), exact.AverageSign(theta), theta, "average_sign");
            try
            {
                foreach ((string name, IReadOnlyList<double[]> replicas) in series.Observables)
                {
                    ThetaEstimate estimate = IsOdd(name) ? ThetaReweighting.Odd(charge, replicas, theta, errors.Options(name)) : ThetaReweighting.Even(charge, replicas, theta, errors.Options(name));
                    observables[name] = Document(estimate.Value, exact.ValueAt(theta, name), theta, name);
                }
            }
            catch (ArgumentException exception)
            {
                observables.Clear();
                warnings.Add($"WARNING: {exception.Message}");
            }

            return new ThetaDocument(theta, sign, observables);
        }

        ReweightedDocument Document(GammaResult result, double? known, double theta, string name)
        {
            double? pull = EnsembleAnalysis.Pull(result.Mean, result.Error, known);
            if (Math.Abs(pull ?? 0) > EnsembleAnalysis.LargestPull)
                warnings.Add(FormattableString.Invariant($"WARNING: theta = {theta}, {name}: {Math.Abs(pull!.Value):F1} sigma from the exact result {known:G8}."));
            return new ReweightedDocument(result.Mean, result.Error, known, pull);
        }
    }

    /// <summary>Whether charge conjugation, which turns Q to −Q, turns the sign of the observable too.</summary>
    public static bool IsOdd(string name) => (name.StartsWith(ChargeSectors.Charge, StringComparison.Ordinal) && !name.StartsWith($"{ChargeSectors.Charge}_squared", StringComparison.Ordinal))
        || name.StartsWith("polyakov_im", StringComparison.Ordinal);
}
