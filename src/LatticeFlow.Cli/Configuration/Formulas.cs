using LatticeFlow.Expressions;
using LatticeFlow.Fits;
using LatticeFlow.Lattice;
using LatticeFlow.Observables;
using LatticeFlow.Reports;

namespace LatticeFlow.Cli.Configuration;

/// <summary>Reads <c>analyze.derive</c> and <c>analyze.fit</c>, and finds names that mean nothing before anything is drawn.</summary>
internal static class Formulas
{
    public static ValueList<string> ReadDerive(SectionReader reader) => Read(reader, "derive", text => Derivation.Parse(text).Name);

    public static ValueList<string> ReadFit(SectionReader reader) => Read(reader, "fit", text => FitDefinition.Parse(text).Name);

    /// <summary>Reports every formula in which a name is neither an observable of this theory, nor anything that follows from observables. Whether it was measured is known when the series are there.</summary>
    public static void Check(SectionReader reader, TheorySettings theory, AnalyzeSettings settings)
    {
        // Extents that are wrong are reported elsewhere.
        if (settings.Derive.Count + settings.Fit.Count == 0 || theory.Extents.Count == 0) return;
        UserQuantities quantities;
        try
        {
            quantities = settings.Quantities();
        }
        catch (ArgumentException exception)
        {
            reader.Fail(settings.Derive.Count > 0 ? "derive" : "fit", $": {exception.Message}");
            return;
        }
        foreach (var (key, problem) in FormulaCheck.Problems(quantities, TheoryConstants.Of(theory.Document), name => Components(theory, name), settings.Observables)) reader.Fail(key, $": {problem}");
    }

    public static void WriteTo(TomlTable table, ValueList<string> derive, ValueList<string> fit) => table.Add(("derive", derive.Count == 0 ? null : TomlBuilder.Of(derive)), ("fit", fit.Count == 0 ? null : TomlBuilder.Of(fit)));

    private static ValueList<string> Read(SectionReader reader, string key, Func<string, string> parse)
    {
        if (reader.Items(key) is not { } items) return [];
        List<string> texts = [];
        foreach (var item in items)
        {
            if (item is not TomlScalar { Value: string text })
            {
                reader.FailAt(item.Place, key, $"must hold strings, not {item.Describe()}");
                continue;
            }
            try
            {
                parse(text);
                texts.Add(text);
            }
            catch (ExpressionException exception)
            {
                reader.FailAt(item.Place, key, $": {exception.Message}");
            }
        }
        return [.. texts];
    }

    private static int Components(TheorySettings theory, string name)
    {
        try
        {
            return ObservableRegistry.Create(name, new LatticeGeometry([.. theory.Extents]), theory.Field).Components();
        }
        catch (Exception exception) when (exception is ArgumentException or NotSupportedException)
        {
            return 0;
        }
    }
}
