using LatticeFlow.Analysis;
using LatticeFlow.Expressions;
using LatticeFlow.Fits;

namespace LatticeFlow.Reports;

/// <summary>What a user asks for beside the observables: formulas of their mean values, and fits.</summary>
/// <param name="Derive">Formulas.</param>
/// <param name="Fit">Fits.</param>
public sealed record UserQuantities(IReadOnlyList<Derivation> Derive, IReadOnlyList<FitDefinition> Fit)
{
    /// <summary>Nothing.</summary>
    public static UserQuantities None { get; } = new([], []);

    /// <summary>Reads both.</summary>
    /// <exception cref="ExpressionException">One of them cannot be read, or two have one name.</exception>
    public static UserQuantities Parse(IEnumerable<string> derive, IEnumerable<string> fit)
    {
        var result = new UserQuantities([.. derive.Select(Derivation.Parse)], [.. fit.Select(text => FitDefinition.Parse(text))]);
        var names = new HashSet<string>();
        foreach ((string name, string text) in result.Derive.Select(entry => (entry.Name, entry.Text)).Concat(result.Fit.Select(entry => (entry.Name, entry.Text))))
        {
            if (!names.Add(name)) throw new ExpressionException(text, 0, $"'{name}' is defined twice");
        }

        return result;
    }

    /// <summary>
    /// Puts the formulas and the parameters of the fits among the observables of an ensemble, and returns the fits. What does not exist at the mean values is left out with a warning. Each is handed to <paramref name="covariant"/> too.
    /// </summary>
    /// <exception cref="ExpressionException">A name means nothing.</exception>
    internal IReadOnlyDictionary<string, FitDocument> Add(
        EnsembleSeries series, ExactResults exact, ErrorAnalysis errors, Dictionary<string, ObservableDocument> observables, List<CovariantQuantity> covariant, List<string> warnings)
    {
        var fits = new Dictionary<string, FitDocument>();
        if (Derive.Count == 0 && Fit.Count == 0) return fits;
        string[] measured = [.. observables.Keys];
        var scope = new FormulaSeries(series, exact, Derive, Fit, errors);
        foreach (Derivation derivation in Derive)
        {
            if (measured.Contains(derivation.Name)) throw new ExpressionException(derivation.Text, 0, $"'{derivation.Name}' is the name of an observable");
            Try(derivation.Name, () => Analyze(derivation.Name, new BoundQuantity(scope.Of(derivation), scope.Primaries), derivation.Text));
        }

        foreach (FitDefinition fit in Fit)
        {
            Try(fit.Name, () =>
            {
                EnsembleFit made = scope.Of(fit);
                for (int i = 0; i < made.Model.Parameters.Count; i++)
                    Analyze($"{fit.Name}.{made.Model.Parameters[i]}", new BoundQuantity(made.Parameter(i, 0), scope.Primaries), null);
                fits[fit.Name] = made.Document;
            });
        }

        return fits;

        void Analyze(string name, BoundQuantity quantity, string? formula)
        {
            GammaResult result = quantity.Analyze(errors, name);
            JackknifeBias bias = JackknifeBias.Of(quantity.Series, quantity.Value, result.TauInt);
            observables[name] = EnsembleAnalysis.Document(series, errors.Settings.For(name), result, quantity.Exact(), series.Weights is null ? 1 : double.NaN) with { Formula = formula, AtMeans = bias.AtMeans, Bias = bias.Bias };
            covariant.Add(new(name, quantity.Series, quantity.Value, quantity.Gradient, result.Error));
        }

        void Try(string name, Action work)
        {
            try
            {
                work();
            }
            catch (ArgumentException exception) when (exception is not ExpressionException)
            {
                warnings.Add($"WARNING: {name} is left out: {exception.Message}");
            }
        }
    }
}
