namespace LatticeFlow.Reports;

/// <summary>A value of an analysis that its type allows and that cannot be.</summary>
internal sealed class AnalysisFault(string key, string message) : Exception(message)
{
    public string Key { get; } = key;
}

/// <summary>What the types of <see cref="AnalysisDocument"/> do not say: entries are there, lists that belong together are of one length, lags and times are in order, counts are not negative.</summary>
internal static class AnalysisShape
{
    private const int LargestCharge = 1 << 30;

    /// <exception cref="AnalysisFault">Something is not so.</exception>
    public static void Check(AnalysisDocument document)
    {
        if (document.Theory is { } theory)
        {
            Require(theory.Extents.Count is > 0 and <= 8 && theory.Extents.All(extent => extent is > 0 and <= 1 << 20), "theory.extents", "lattice lengths are positive");
        }

        if (document.Flow is { } flow)
        {
            Require(flow.Samples > 0, "flow.samples", "a flow was evaluated on at least one sample");
            Entries(flow.Warnings, "flow.warnings");
            Entries(flow.VerdictReasons, "flow.verdict_reasons");
            if (flow.Target is { } target)
            {
                Entries(target.LogRatio, "flow.target.log_ratio");
                Entries(target.Sectors, "flow.target.sectors");
                Require(target.Bias.Values.All(bias => bias is not null), "flow.target.bias", "an entry is null");
            }
        }

        foreach ((string name, EnsembleDocument? ensemble) in document.Ensembles)
        {
            string key = $"ensembles.{name}";
            Require(ensemble is not null, key, "it is null");
            Check(ensemble!, key);
        }
    }

    private static void Check(EnsembleDocument ensemble, string key)
    {
        Require(ensemble.Configurations > 0, $"{key}.configurations", "an ensemble has at least one");
        Require(ensemble.Replicas > 0, $"{key}.replicas", "an ensemble has at least one");
        Require(ensemble.Stride > 0, $"{key}.stride", "it is at least 1");
        Entries(ensemble.ChargeDistribution, $"{key}.charge_distribution");
        Entries(ensemble.FlowEnergy, $"{key}.flow_energy");
        Entries(ensemble.TwoPoint, $"{key}.two_point");
        Entries(ensemble.Theta, $"{key}.theta");
        Entries(ensemble.Warnings, $"{key}.warnings");
        if (ensemble.Ladder is { } ladder)
        {
            Entries(ladder.Exchanges, $"{key}.ladder.exchanges");
            Require(ladder.Exchanges.All(pair => pair.Accepted >= 0 && pair.Accepted <= pair.Proposed), $"{key}.ladder.exchanges", "no more is accepted than is proposed");
        }

        Require(ensemble.ChargeDistribution.All(sector => sector.Charge is > -LargestCharge and < LargestCharge), $"{key}.charge_distribution", "a charge is larger than a lattice can hold");
        Require(ensemble.ChargeDistribution.Select(sector => sector.Charge).Distinct().Count() == ensemble.ChargeDistribution.Count, $"{key}.charge_distribution", "a sector stands there twice");
        foreach (ThetaDocument at in ensemble.Theta)
        {
            Require(at.AverageSign is not null && at.Observables is not null && at.Observables.Values.All(value => value is not null), $"{key}.theta", "a value is null");
        }

        if (ensemble.Correlation is { } correlation)
        {
            Require(correlation.Observables is not null && correlation.Matrix is not null && correlation.Matrix.Count == correlation.Observables.Count
                && correlation.Matrix.All(row => row is not null && row.Count == correlation.Observables.Count), $"{key}.correlation", "its matrix is not square in its observables");
        }

        if (ensemble.Cost is { } cost)
        {
            Require(cost.Independent.Values.All(share => share?.Elements is not null), $"{key}.cost.independent", "an entry is null");
        }

        Require(ensemble.Discarded >= 0, $"{key}.discarded", "it is negative");

        foreach ((string name, FitDocument? fit) in ensemble.Fits)
        {
            Require(fit is not null, $"{key}.fits.{name}", "it is null");
            Entries(fit!.Points, $"{key}.fits.{name}.points");
            Entries(fit.Curve, $"{key}.fits.{name}.curve");
            Entries(fit.Parameters, $"{key}.fits.{name}.parameters");
        }

        foreach ((string name, ObservableDocument? result) in ensemble.Observables)
        {
            string observable = $"{key}.observables.{name}";
            Require(result is not null, observable, "it is null");
            Entries(result!.Warnings, $"{observable}.warnings");
            Require(result.Bin > 0, $"{observable}.bin", "it is at least 1");
            Require(result.Window >= 0, $"{observable}.window", "it is negative");
            if (result.Autocorrelation is not { } rho)
                continue;
            Require(rho.Lag.Count > 0 && rho.Rho.Count == rho.Lag.Count && rho.RhoError.Count == rho.Lag.Count, $"{observable}.autocorrelation", "lag, rho and rho_error are not of one length");
            Require(rho.Lag[0] == 0 && rho.Lag.Zip(rho.Lag.Skip(1)).All(pair => pair.First < pair.Second), $"{observable}.autocorrelation.lag", "lags do not grow from 0");
        }
    }

    private static void Entries<T>(IReadOnlyList<T> list, string key)
        where T : class
        => Require(list.All(entry => entry is not null), key, "an entry is null");

    private static void Require(bool condition, string key, string message)
    {
        if (!condition)
            throw new AnalysisFault(key, message);
    }
}
