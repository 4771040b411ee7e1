using System.Globalization;
using LatticeFlow.Cli.Commands;
using LatticeFlow.Cli.Configuration;
using LatticeFlow.Cli.Output;
using LatticeFlow.Expressions;
using LatticeFlow.Fits;
using LatticeFlow.Reports;
using LatticeFlow.Storage;

namespace LatticeFlow.Cli.Services;

/// <summary><c>compare</c>: results of several runs side by side.</summary>
public sealed class CompareCommand : ICommandBody<CompareRequest>
{
    public int Execute(CompareRequest request, CommandContext context)
    {
        var runs = ComparedRuns.Load(request.RunDirectories, context.Log);
        var keys = ComparedRuns.Differing(runs);
        List<string> warnings = [];
        ComparedValue[] values = [.. Values(runs, request)];
        if (values.Length == 0) throw new UserErrorException("there is nothing to compare: no ensemble of that name, or no such observable") { File = request.RunDirectories[0] };
        var theories = runs.ToDictionary(run => run.Name, run => run.Theory);
        var agreement = Agreement.Of(values, run => theories[run]);
        string[] failures = [.. agreement.Where(entry => Math.Abs(entry.LargestPull) > Agreement.LargestPull)
            .Select(entry => FormattableString.Invariant($"{entry.Observable}: {entry.First} and {entry.Second}, of one theory, differ by {Math.Abs(entry.LargestPull):F1} sigma"))];
        var document = new CompareDocument
        {
            Keys = keys,
            Runs = [.. runs.Select(run => new ComparedRun(run.Name, run.Directory, keys.Where(run.Settings.ContainsKey).ToDictionary(key => key, key => run.Settings[key])))],
            Values = values,
            Agreement = agreement,
            Costs = [.. runs.SelectMany(run => run.Analysis.Ensembles.Where(ensemble => request.Sampler is null || ensemble.Key == request.Sampler).Where(ensemble => ensemble.Value.Cost is not null)
                .Select(ensemble => new ComparedCost(run.Name, ensemble.Key, ensemble.Value.Cost!)))],
            Reweighting = request.Reweight is null ? null : Reweighted(runs, request, warnings),
            Fits = Fits(runs, request),
            Warnings = [.. failures.Select(failure => $"WARNING: {failure}"), .. warnings],
        };
        var abscissa = Abscissa(runs);
        if ((request.Output ?? ComparedRuns.Parent(request.RunDirectories)) is { } output)
        {
            var directory = AnalysisFiles.Directory(output);
            AtomicFile.WriteText(Path.Join(directory, "compare.json"), document.ToJson());
            AtomicFile.WriteText(Path.Join(directory, "compare.csv"), CompareTable.Csv(document));
            AtomicFile.WriteText(Path.Join(directory, "compare.html"), ComparePage.Render(document, $"{NameOf(output)}: {runs.Count} runs", abscissa));
            context.Log.Information($"page: {Path.Join(directory, "compare.html")}");
        }
        if (context.Json) context.Output.Write(document.ToJson());
        else if (request.Csv) context.Output.Write(CompareTable.Csv(document));
        else CompareTable.Write(document, context.Output);
        foreach (var failure in failures) context.Log.Error(failure);
        return failures.Length == 0 ? ExitCode.Done : ExitCode.DiagnosticsFailed;
    }

    private static string NameOf(string path) => Path.GetFileName(Path.TrimEndingDirectorySeparator(Path.GetFullPath(path)));

    private static IEnumerable<ComparedValue> Values(IReadOnlyList<LoadedRun> runs, CompareRequest request)
    {
        foreach (var name in request.Observables)
        {
            if (!runs.Any(run => run.Analysis.Ensembles.Values.Any(ensemble => ensemble.Observables.ContainsKey(name))))
                throw new UserErrorException("is in no analysis of these runs") { Key = $"--observables {PrintableText.Short(name)}", Remedy = $"there are {string.Join(", ", runs.SelectMany(run => run.Analysis.Ensembles.Values).SelectMany(ensemble => ensemble.Observables.Keys).Distinct())}" };
        }
        return runs.SelectMany(run => run.Analysis.Ensembles.Where(ensemble => request.Sampler is null || ensemble.Key == request.Sampler)
            .SelectMany(ensemble => ensemble.Value.Observables.Where(entry => request.Observables.Count == 0 || request.Observables.Contains(entry.Key))
                .Select(entry => new ComparedValue(run.Name, ensemble.Key, entry.Key, entry.Value.Mean, entry.Value.Error, entry.Value.TauInt, entry.Value.TauIntError, entry.Value.Exact, entry.Value.Pull))))
            .GroupBy(value => value.Observable).SelectMany(group => group);
    }

    /// <summary>The first constant of the theory that differs between the runs.</summary>
    private static (string Name, Func<string, double> Of)? Abscissa(IReadOnlyList<LoadedRun> runs)
    {
        var constants = runs.ToDictionary(run => run.Name, run => TheoryConstants.Of(run.Analysis.Theory));
        string[] order = ["beta", "m2", "lambda", "c1", "xi", "L0", "V"];
        return order.FirstOrDefault(key => constants.Values.All(theory => theory.ContainsKey(key)) && constants.Values.Select(theory => theory[key]).Distinct().Count() > 1) is { } name
            ? (name == "beta" ? "β" : name, run => constants[run][name]) : null;
    }

    private static Dictionary<string, ComparedFit> Fits(IReadOnlyList<LoadedRun> runs, CompareRequest request)
    {
        FitSource[] sources = [.. runs.SelectMany(run => run.Analysis.Ensembles.Where(ensemble => request.Sampler is null || ensemble.Key == request.Sampler).Select(ensemble => new FitSource(
            $"{run.Name}, {ensemble.Key}", ensemble.Value.Observables.ToDictionary(entry => entry.Key, entry => (entry.Value.Mean, entry.Value.Error)), TheoryConstants.Of(run.Analysis.Theory))))];
        var fits = new Dictionary<string, ComparedFit>();
        foreach (var text in request.Formulas.Fit)
        {
            try
            {
                var definition = FitDefinition.Parse(text, overRuns: true);
                if (!fits.TryAdd(definition.Name, RunFit.Make(definition, sources))) throw new ArgumentException($"'{definition.Name}' is defined twice.");
            }
            catch (ArgumentException exception)
            {
                throw new UserErrorException(exception.Message.TrimEnd('.'), inner: exception) { Key = "--fit" };
            }
        }
        return fits;
    }

    private static ReweightingDocument Reweighted(IReadOnlyList<LoadedRun> runs, CompareRequest request, List<string> warnings)
    {
        try
        {
            Derivation[] derivations = [.. request.Formulas.Derive.Select(Derivation.Parse)];
            IReadOnlyList<ReweightableEnsemble> ensembles = ReweightableRuns.Load(runs, request.Sampler);
            double first = ensembles.Min(ensemble => ensemble.Beta), last = ensembles.Max(ensemble => ensemble.Beta);
            string[] common = [.. ensembles[0].Series.Observables.Keys.Where(name => ensembles.All(ensemble => ensemble.Series.Observables.ContainsKey(name)))];
            string[] observables = request.Observables.Count > 0 ? [.. common.Where(request.Observables.Contains)] : derivations.Length > 0 ? [] : common;
            return ReweightingAnalysis.Of(ensembles, runs[0].Analysis.Theory!, derivations, observables, Grid(request.Reweight!, first, last), warnings);
        }
        catch (ArgumentException exception)
        {
            throw new UserErrorException(exception.Message.TrimEnd('.'), inner: exception) { Key = "--reweight" };
        }
    }

    private static double[] Grid(string range, double first, double last)
    {
        const int Steps = 40, MostPoints = 2000;
        if (range.Length == 0) return first == last ? [first] : [.. Enumerable.Range(0, Steps + 1).Select(step => first + ((last - first) * step / Steps))];
        double[] values = [.. range.Split(':').Select(text => double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var value) ? value : double.NaN)];
        if (values is [var single] && single > 0) return [single];
        if (values is [var from, var to, var by] && from > 0 && to >= from && by > 0 && (to - from) / by < MostPoints) return [.. Enumerable.Range(0, (int)Math.Floor(((to - from) / by) + 1e-9) + 1).Select(step => from + (step * by))];
        throw new ArgumentException($"'{PrintableText.Short(range)}' is no range of couplings: write first:last:step, or one coupling.");
    }
}
