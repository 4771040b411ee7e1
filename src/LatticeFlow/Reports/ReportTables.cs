using System.Globalization;
using System.Xml.Linq;
using static LatticeFlow.Reports.Markup;

namespace LatticeFlow.Reports;

/// <summary>The tables of the report.</summary>
internal static class ReportTables
{
    /// <summary>Pulls up to here are unremarkable.</summary>
    public const double ModeratePull = 3;

    public static XElement Facts(IEnumerable<(string Name, string Value)> rows) => Scroll(Tag("table", Class("facts"),
        Tag("tbody", rows.Select(row => Tag("tr", Tag("td", row.Name), Tag("td", row.Value))))));

    /// <summary>Values, and exact results where any is known, grouped by observable.</summary>
    public static XElement Results(AnalysisDocument analysis, IReadOnlyList<Finding> failures)
    {
        bool compares = Grouped(analysis).Any(row => row.Result.Exact is not null);
        string[] exact = compares ? ["exact", "pull / σ"] : [];
        return Table(["observable", "sampler", "value", .. exact, "τ_int, stored", "τ_int, transitions", "indep. / s"],
            Grouped(analysis).Select(row => Failing(failures.Any(failure => failure.IsAbout(row.Sampler, row.Observable)), Row(row.Opens,
            [
                Opening(row.Opens, ObservableLabel.Symbol(row.Observable)),
                Sampler(analysis, row.Sampler),
                Tag("span", Is("data-mean", Exactly(row.Result.Mean)), ValueWithError.Format(row.Result.Mean, row.Result.Error)),
                .. compares ? new[] { ValueWithError.Plain(row.Result.Exact, "G7"), Pull(row.Result.Pull) } : [],
                ValueWithError.Format(row.Result.TauInt, row.Result.TauIntError),
                Four(row.Result.TauIntTransitions),
                Four(row.Result.IndependentPerSecond),
            ]))), 2);
    }

    public static XElement Convergence(AnalysisDocument analysis) => Table(
        ["observable", "sampler", "R̂", "bulk ESS", "tail ESS", "replicas' p-value", "window W", "error from", "error of the error", "warnings"],
        Grouped(analysis).Select(row => Row(row.Opens,
            Opening(row.Opens, ObservableLabel.Symbol(row.Observable)),
            Sampler(analysis, row.Sampler),
            RHat(row.Result.RHat, row.Result.RHatExpected ?? 1),
            ValueWithError.Plain(row.Result.EssBulk, "F0"),
            ValueWithError.Plain(row.Result.EssTail, "F0"),
            ValueWithError.Plain(row.Result.Q, "G3"),
            row.Result.Window.ToString(CultureInfo.InvariantCulture),
            ErrorSource(row.Result),
            ValueWithError.Plain(row.Result.ErrorOfError, "G2").Replace("E", "e", StringComparison.Ordinal),
            row.Result.Warnings.Count == 0 ? "none" : Tag("span", Class("bad"), row.Result.Warnings.Count.ToString(CultureInfo.InvariantCulture)))), 2);

    // The method where it is not the plain one, and what a slow mode adds to the error.
    private static string ErrorSource(ObservableDocument result)
    {
        string method = result.Method switch { "gamma" => "Γ", "replicas" => "scatter of replicas", _ => $"{result.Method}, bins of {result.Bin}" };
        if (result.SlowTail is { } tail && tail.TauInt < result.TauInt)
            return FormattableString.Invariant($"{method}, tail of {ObservableLabel.Symbol(tail.Mode)}: +{100 * (Math.Sqrt(result.TauInt / (result.TauInt - tail.TauInt)) - 1):F0} %");
        return result.TauExp is { } time ? FormattableString.Invariant($"{method}, tail of τ_exp = {time:G3}") : method;
    }

    public static XElement Samplers(AnalysisDocument analysis, IReadOnlyList<Finding> failures) => Table(
        ["sampler", "configurations", "replicas", "stride", "acceptance", "longest rejection", "⟨exp(−ΔH)⟩", "seconds"],
        analysis.Ensembles.Select(pair => Failing(failures.Any(failure => failure.Sampler == pair.Key && failure.Observable is null), Row(false,
            Sampler(analysis, pair.Key),
            pair.Value.Unfinished ? Tag("span", Class("bad"), $"{pair.Value.Configurations} of {pair.Value.Requested}, unfinished") : pair.Value.Configurations.ToString(CultureInfo.InvariantCulture),
            pair.Value.Replicas.ToString(CultureInfo.InvariantCulture),
            pair.Value.Stride.ToString(CultureInfo.InvariantCulture),
            ValueWithError.Plain(pair.Value.Acceptance, "F4"),
            pair.Value.LongestRejection?.ToString(CultureInfo.InvariantCulture) ?? "–",
            pair.Value.MeanExpMinusDeltaH is { } mean ? ValueWithError.Format(mean, pair.Value.MeanExpMinusDeltaHError ?? double.NaN) : "–",
            Four(pair.Value.Seconds)))), 1);

    /// <summary>What an independent configuration costs, by sampler and observable.</summary>
    public static XElement Costs(AnalysisDocument analysis)
    {
        (string[] heads, IReadOnlyList<string[]> rows) = CostTable.Of(analysis.Ensembles.Select(pair => (pair.Key, pair.Value.Cost)));
        return Table(heads, rows.Select((row, i) => Row(i == 0 || rows[i - 1][0] != row[0], [Sampler(analysis, row[0]), ObservableLabel.Symbol(row[1]), .. row[2..].Select(cell => cell == "-" ? "–" : cell)])), 2);
    }

    /// <summary>Values at θ against exact results, by θ, observable and sampler.</summary>
    public static XElement Theta(AnalysisDocument analysis) => Table(
        ["θ", "observable", "sampler", "value", "exact", "pull / σ"],
        analysis.Ensembles.Values.SelectMany(ensemble => ensemble.Theta).Select(at => at.Theta).Distinct().SelectMany(theta => ThetaRows(analysis, theta)), 3);

    private static IEnumerable<XElement> ThetaRows(AnalysisDocument analysis, double theta)
    {
        (string Sampler, ThetaDocument At)[] ensembles = [.. analysis.Ensembles.SelectMany(pair => pair.Value.Theta.Where(at => at.Theta == theta).Select(at => (pair.Key, at)))];
        bool opens = true;
        foreach (string? name in ensembles.SelectMany(entry => entry.At.Observables.Keys).Distinct().Prepend(null))
        {
            bool first = true;
            foreach ((string sampler, ThetaDocument at) in ensembles)
            {
                ReweightedDocument? value = name is null ? at.AverageSign : at.Observables.GetValueOrDefault(name);
                if (value is null)
                    continue;
                string symbol = name is null ? "average sign" : ThetaAnalysis.IsOdd(name) && name != "polyakov_im" ? $"Im {ObservableLabel.Symbol(name)}" : ObservableLabel.Symbol(name);
                yield return Row(opens,
                    Opening(opens, theta.ToString(CultureInfo.InvariantCulture)),
                    Opening(first, symbol),
                    Sampler(analysis, sampler),
                    Tag("span", Is("data-mean", Exactly(value.Mean)), ValueWithError.Format(value.Mean, value.Error)),
                    ValueWithError.Plain(value.Exact, "G7"),
                    Pull(value.Pull));
                (opens, first) = (false, false);
            }
        }
    }

    public static XElement Flow(FlowDocument flow) => Facts([
        ("verdict", flow.VerdictReasons.Count == 0 ? flow.Verdict : $"{flow.Verdict}: {string.Join("; ", flow.VerdictReasons)}"),
        .. TargetRows(flow.Target),
        ("fresh samples", flow.Samples.ToString(CultureInfo.InvariantCulture)),
        ("effective samples / sample, own proposals", ValueWithError.Format(flow.EffectiveSampleSize, flow.EffectiveSampleSizeError)),
        ("−ln(ESS)/V", ValueWithError.Format(flow.EffectiveSampleSizePerSiteLog, flow.EffectiveSampleSizePerSiteLogError)),
        ("ln Z", ValueWithError.Format(flow.LogZ, flow.LogZError)),
        ("ln Z, exact", ValueWithError.Plain(flow.LogZExact, "G10")),
        ("pull of ln Z", flow.LogZPull is { } pull ? $"{Signed(pull)} σ" : "–"),
        ("relative error of Z", ValueWithError.Plain(flow.RelativeErrorOfZ, "G3")),
        ("Metropolis acceptance", $"{ValueWithError.Plain(flow.Acceptance, "F4")} (all pairs of samples: {ValueWithError.Plain(flow.AcceptanceStationary, "F4")})"),
        ("longest rejection", $"{flow.LongestRejection} proposals in a row"),
        ("change of ln w at half the step", flow.IntegrationDeviation is { } deviation ? FormattableString.Invariant($"{flow.IntegrationMean:G3} ± {deviation:G3}") : "–"),
        ("Pareto k̂ of the weights", ValueWithError.Plain(flow.ParetoK, "F2")),
        ("reverse KL divergence ⟨ln q/p⟩_q", ValueWithError.Plain(flow.ReverseDivergence, "G4")),
        ("variance of log w", ValueWithError.Plain(flow.VarianceOfLogWeight, "G5")),
        ("largest weight's share", ValueWithError.Plain(flow.LargestShare, "G3")),
        ("parameters", flow.Parameters.ToString(CultureInfo.InvariantCulture)),
        ("floor of drawing one", flow.FlopsPerConfiguration is { } flops ? $"{ValueWithError.Plain(flops, "G3")} flop" : "–"),
        ("training", flow.TrainingSeconds is { } seconds ? $"{Four(seconds)} s" : "none on record")]);

    /// <summary>The weights of one ensemble of trajectories.</summary>
    public static XElement Work(string sampler, WorkDocument work) => Facts([
        ("ensemble", sampler),
        ("effective samples / trajectory", ValueWithError.Format(work.EffectiveSampleSize, work.EffectiveSampleSizeError)),
        ("worth independent configurations", ValueWithError.Plain(work.EffectiveConfigurations, "F0")),
        ("τ_int of the weight", ValueWithError.Plain(work.TauInt, "F2")),
        ("ln Z/Z₀", ValueWithError.Format(work.LogRatio, work.LogRatioError)),
        ("ln Z/Z₀, exact", ValueWithError.Plain(work.LogRatioExact, "G10")),
        ("pull of ln Z/Z₀", work.LogRatioPull is { } pull ? $"{Signed(pull)} σ" : "–"),
        ("mean work", ValueWithError.Format(work.MeanWork, work.MeanWorkError)),
        ("variance of the work", ValueWithError.Plain(work.VarianceOfWork, "G5")),
        ("dissipated", ValueWithError.Format(work.Divergence, work.DivergenceError)),
        ("largest weight's share", ValueWithError.Plain(work.LargestShare, "G3")),
        .. ReverseRows(work.Reverse)]);

    private static IEnumerable<(string Name, string Value)> ReverseRows(ReverseWorkDocument? reverse)
    {
        if (reverse is null) yield break;
        yield return ("mean work, backwards", ValueWithError.Format(reverse.MeanWork, reverse.MeanWorkError));
        yield return ("ln Z/Z₀, backwards", ValueWithError.Format(reverse.LogRatio, reverse.LogRatioError));
        yield return ("ln Z/Z₀, both directions", ValueWithError.Format(reverse.BothLogRatio, reverse.BothLogRatioError));
        yield return ("pull of both", reverse.BothLogRatioPull is { } pull ? $"{Signed(pull)} σ" : "–");
        yield return ("overlap of both directions", ValueWithError.Plain(reverse.Overlap, "G3"));
        yield return ("slope of Crooks' relation, 1 if it holds", ValueWithError.Format(reverse.CrooksSlope, reverse.CrooksSlopeError));
    }

    private static IEnumerable<(string Name, string Value)> TargetRows(FlowTargetDocument? target)
    {
        if (target is null) yield break;
        yield return ("effective samples / sample, on the target", $"{ValueWithError.Format(target.EffectiveSampleSize, target.EffectiveSampleSizeError)} ({target.Configurations}, {target.Source})");
        yield return ("ln p/q on the target, quantiles", string.Join(", ", target.LogRatio.Select(at => FormattableString.Invariant($"{100 * at.Probability} %: {at.Value:F2}"))));
        yield return ("target where p/q > 1000", FormattableString.Invariant($"{100 * target.MissedMass:G3} %"));
        yield return ("forward KL divergence ⟨ln p/q⟩_p", ValueWithError.Format(target.ForwardDivergence, target.ForwardDivergenceError));
        foreach (FlowSectorDocument sector in target.Sectors)
            yield return ($"on the target at Q = {sector.Charge}", FormattableString.Invariant($"1/⟨p/q⟩ = {sector.EffectiveSampleSize:G4}, p/q > 1000 in {100 * sector.MissedMass:G3} % of {sector.Configurations}"));
        foreach ((string name, FlowBiasDocument bias) in target.Bias)
            yield return ($"a chain of proposals is off in {ObservableLabel.Symbol(name)} by at least", ValueWithError.Format(bias.Bias, bias.Error));
    }

    public static string Signed(double value) => value.ToString("+0.00;−0.00;0.00", CultureInfo.InvariantCulture);

    /// <summary>Colour class of a sampler, the same in every table and figure.</summary>
    public static string Colour(AnalysisDocument analysis, string sampler) => $"s{analysis.Ensembles.Keys.ToList().IndexOf(sampler) % 6}";

    /// <summary>Rows by observable, then by sampler.</summary>
    public static IEnumerable<(string Observable, string Sampler, ObservableDocument Result, bool Opens)> Grouped(AnalysisDocument analysis)
    {
        foreach (string observable in analysis.Ensembles.Values.SelectMany(ensemble => ensemble.Observables.Keys).Distinct())
        {
            bool opens = true;
            foreach ((string sampler, EnsembleDocument ensemble) in analysis.Ensembles)
            {
                if (!ensemble.Observables.TryGetValue(observable, out ObservableDocument? result))
                    continue;
                yield return (observable, sampler, result, opens);
                opens = false;
            }
        }
    }

    /// <summary>Rows with a known exact result; the susceptibility repeats ⟨Q²⟩ and is left out.</summary>
    public static IEnumerable<(string Observable, string Sampler, ObservableDocument Result, bool Opens)> Compared(AnalysisDocument analysis) =>
        Grouped(analysis).Where(row => row.Result.Pull is not null && row.Observable != EnsembleAnalysis.Susceptibility);

    // Four digits, and no power of ten for what is counted in thousands.
    private static string Four(double? value) => ValueWithError.Plain(value, value is >= 1e4 and < 1e7 ? "F0" : "G4");

    private static string Exactly(double value) => value.ToString("R", CultureInfo.InvariantCulture);

    // Marked in words too: not everyone sees the colour.
    private static object Pull(double? pull) =>
        pull is { } value ? Math.Abs(value) > ModeratePull ? Tag("span", Class("bad"), "! " + Signed(value)) : Tag("span", Class("good"), Signed(value)) : "–";

    private static object RHat(double? value, double expected)
    {
        if (value is not { } known)
            return "–";
        string text = known.ToString("F4", CultureInfo.InvariantCulture);
        return known > EnsembleAnalysis.LargestRHat * expected ? Tag("span", Class("bad"), "! " + text) : Tag("span", Class("good"), text);
    }

    private static XElement Sampler(AnalysisDocument analysis, string sampler) =>
        Tag("span", Class("sampler"), Tag("span", Class($"dot {Colour(analysis, sampler)}")), sampler);

    // Where rows become blocks, each has to say what it is of.
    private static XElement Opening(bool opens, string text) => Tag("span", opens ? null : Class("repeated"), text);

    private static XElement Failing(bool fails, XElement row)
    {
        if (!fails)
            return row;
        row.SetAttributeValue("class", $"{row.Attribute("class")?.Value} failed".TrimStart());
        row.Descendants("span").First(span => span.Attribute("class")?.Value == "sampler").Add(Tag("span", Class("badge"), "✗ failed"));
        return row;
    }

    private static XElement Row(bool opens, params object[] cells) => Tag("tr", opens ? Class("opens") : null, cells.Select(cell => Tag("td", cell)));

    private static XElement Table(string[] heads, IEnumerable<XElement> rows, int textColumns) => Scroll(Tag("table", Class("stacks"),
        Tag("thead", Tag("tr", heads.Select((head, i) => Tag("th", i < textColumns ? Class("text") : null, head)))),
        Tag("tbody", rows.Select(row => Labelled(row, heads, textColumns)))));

    private static XElement Labelled(XElement row, string[] heads, int textColumns)
    {
        foreach ((XElement cell, int i) in row.Elements().Select((cell, i) => (cell, i)))
            cell.Add(i < textColumns ? Class("text") : Is("data-label", heads[i]));
        return row;
    }

    private static XElement Scroll(XElement table) => Tag("div", Class("scroll"), table);
}
