using LatticeFlow.Fits;
using LatticeFlow.Reports;

namespace LatticeFlow.Expressions;

/// <summary>Whether the names of formulas mean something, told from the names of observables alone.</summary>
public static class FormulaCheck
{
    /// <summary>What is wrong, by <c>derive</c> and <c>fit</c>; <paramref name="components"/> tells of a name how many numbers it has, 0 where it is no observable, and <paramref name="listed"/> are those that an error names.</summary>
    public static IEnumerable<(string Key, string Problem)> Problems(UserQuantities quantities, IReadOnlyDictionary<string, double> constants, Func<string, int> components, IReadOnlyList<string> listed)
    {
        ArgumentNullException.ThrowIfNull(quantities);
        var scope = new NamesOnly(quantities, constants, components, listed);
        foreach (Derivation derivation in quantities.Derive)
        {
            if (Problem(() => scope.Check(derivation)) is { } problem) yield return ("derive", problem);
        }

        foreach (FitDefinition fit in quantities.Fit)
        {
            if (Problem(() => scope.Check(fit)) is { } problem) yield return ("fit", problem);
        }
    }

    private static string? Problem(Action check)
    {
        try
        {
            check();
            return null;
        }
        catch (ExpressionException exception)
        {
            return exception.Message;
        }
    }

    private sealed class NamesOnly(UserQuantities quantities, IReadOnlyDictionary<string, double> constants, Func<string, int> components, IReadOnlyList<string> listed) : FormulaScope(constants)
    {
        private readonly HashSet<string> open = [];

        protected override IEnumerable<string> Names => listed.Concat(quantities.Derive.Select(derivation => derivation.Name));

        public void Check(Derivation derivation)
        {
            if (components(derivation.Name) > 0) throw new ExpressionException(derivation.Text, 0, $"'{derivation.Name}' is the name of an observable");
            Closed(derivation.Name, derivation.Text, 0, () => Bind(derivation.Text, derivation.Formula));
        }

        public void Check(FitDefinition fit)
        {
            fit.Parameters(Constants);
            foreach (double x in fit.Range!)
                Closed(fit.Name, fit.Text, 0, () => Bind(fit.Text, fit.Data.Rewrite(part => part is Symbol { Component: null } symbol && symbol.Name == fit.Variable ? new Number(x, symbol.Position) : null)));
        }

        protected override int Components(string name) => components(name);

        protected override Expression Observable(string name, int? component, int position) => new Number(1, position);

        protected override Expression Average(string text, Mean mean) => mean.Body.Rewrite(part => part switch
        {
            Mean inner => throw new ExpressionException(text, inner.Position, "a mean value within a mean value"),
            Symbol or Call when Resolve(text, part) is not null => new Number(1, part.Position),
            Symbol symbol when Constants.ContainsKey(symbol.Name) => new Number(1, symbol.Position),
            Symbol symbol => throw new ExpressionException(text, symbol.Position, $"'{symbol.Name}' has no value on each configuration; there is {string.Join(", ", listed)}"),
            Call call => Function(text, call),
            _ => null,
        });

        protected override Expression? Defined(string text, string name, int position)
        {
            if (quantities.Derive.FirstOrDefault(derivation => derivation.Name == name) is { } derivation)
            {
                Closed(name, text, position, () => Bind(derivation.Text, derivation.Formula));
                return new Number(1, position);
            }

            int point = name.IndexOf('.', StringComparison.Ordinal);
            if (point > 0 && quantities.Fit.FirstOrDefault(fit => fit.Name == name[..point]) is { } fit)
            {
                if (!fit.Parameters(Constants).Contains(name[(point + 1)..])) throw new ExpressionException(text, position, $"the fit {fit.Name} has the parameters {string.Join(", ", fit.Parameters(Constants))}");
                Closed(fit.Name, text, position, () => Check(fit));
                return new Number(1, position);
            }

            // The analysis derives these where it can; whether it could is known only then.
            return DerivedQuantities.MayDerive(name) ? new Number(1, position) : null;
        }

        private static Expression? Function(string text, Call call)
        {
            CheckFunction(text, call);
            return null;
        }

        private void Closed(string name, string text, int position, Action work)
        {
            if (!open.Add(name)) throw new ExpressionException(text, position, $"'{name}' is defined by itself");
            work();
            open.Remove(name);
        }
    }
}
