using LatticeFlow.Reports;
using static LatticeFlow.Cli.Configuration.TomlBuilder;

namespace LatticeFlow.Cli.Configuration;

/// <summary>How series are analysed that have no configuration: imported ensembles and files of other programs.</summary>
public sealed record FreeAnalysis
{
    public static readonly string[] Keys = ["derive", "fit", .. ErrorSection.Keys];

    /// <summary>How errors are found.</summary>
    public ErrorSection Errors { get; init; } = new();

    /// <summary>As <see cref="AnalyzeSettings.Derive"/>.</summary>
    public ValueList<string> Derive { get; init; } = [];

    /// <summary>As <see cref="AnalyzeSettings.Fit"/>.</summary>
    public ValueList<string> Fit { get; init; } = [];

    /// <summary>Both, read.</summary>
    public UserQuantities Quantities() => UserQuantities.Parse(Derive, Fit);

    /// <summary>What <c>--set analyze.s=2</c> and the options of <c>analyze</c> say, and nothing else.</summary>
    /// <exception cref="ConfigurationException">Another key is set, or a value is wrong.</exception>
    public static FreeAnalysis Read(IReadOnlyList<Override> overrides)
    {
        var errors = new ConfigurationErrors();
        var root = Table(("analyze", Table()));
        foreach (var item in overrides)
        {
            if (item.Path.StartsWith("analyze.", StringComparison.Ordinal)) item.Apply(root, errors);
            else errors.Add(item.Place, $"{item.Path} cannot be set: there is no configuration, only the keys {string.Join(", ", Keys.Select(key => $"analyze.{key}"))} have a meaning");
        }
        errors.ThrowIfAny();
        root.TryGet("analyze", out var entry);
        var reader = new SectionReader((TomlTable)entry.Value, "analyze", Keys, errors);
        var settings = new FreeAnalysis { Errors = ErrorSection.Read(reader), Derive = Formulas.ReadDerive(reader), Fit = Formulas.ReadFit(reader) };
        reader.Close();
        errors.ThrowIfAny();
        return settings;
    }

    public TomlTable Write()
    {
        var table = Table();
        Errors.WriteTo(table);
        Formulas.WriteTo(table, Derive, Fit);
        return table;
    }
}
