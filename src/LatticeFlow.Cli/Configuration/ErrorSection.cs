using LatticeFlow.Analysis;
using static LatticeFlow.Cli.Configuration.TomlBuilder;

namespace LatticeFlow.Cli.Configuration;

/// <summary>How one observable is analysed where it is not as all others.</summary>
public sealed record ObservableErrors(string Observable, ErrorSettings Settings);

/// <summary>The keys of <c>[analyze]</c> that say how errors are found: for all observables, and under <c>of</c> for single ones.</summary>
public sealed record ErrorSection
{
    public static readonly string[] KeysOfOne = ["s", "tau_exp", "bin", "convention", "method"];

    public static readonly string[] Keys = [.. KeysOfOne, "discard", "of"];

    public static readonly Choice<GammaConvention> Conventions = new(("uwerr", GammaConvention.UWerr), ("pyerrors", GammaConvention.Pyerrors));

    public static readonly Choice<ErrorMethod> Methods = new(("gamma", ErrorMethod.Gamma), ("jackknife", ErrorMethod.Jackknife), ("bootstrap", ErrorMethod.Bootstrap));

    private static readonly Choice<double> _times = new(("auto", ErrorSettings.Automatic));

    private const double LargestS = 100;
    private const int LargestBin = 1 << 30;

    public ErrorSettings Default { get; init; } = new();

    public ValueList<ObservableErrors> Of { get; init; } = [];

    /// <summary>Stored configurations at the beginning of each replica that are left out.</summary>
    public int Discard { get; init; }

    public ErrorAnalysisSettings Settings => new() { Default = Default, Discard = Discard, Of = Of.ToDictionary(entry => entry.Observable, entry => entry.Settings) };

    public static ErrorSection Read(SectionReader reader)
    {
        var all = ReadOne(reader, new());
        List<ObservableErrors> single = [];
        foreach (var (name, entry) in reader.Named("of", KeysOfOne))
        {
            single.Add(new(name, ReadOne(entry, all)));
            entry.Close();
        }
        return new() { Default = all, Of = [.. single], Discard = reader.Integer("discard", 0, 0) };
    }

    public void WriteTo(TomlTable table)
    {
        Write(table, Default);
        table.Add(("discard", TomlBuilder.Of((long)Discard)));
        if (Of.Count == 0) return;
        var single = Table();
        foreach (var entry in Of)
        {
            var values = Table();
            Write(values, entry.Settings);
            single.Add((entry.Observable, values));
        }
        table.Add(("of", single));
    }

    private static void Write(TomlTable table, ErrorSettings settings) => table.Add(
        ("s", TomlBuilder.Of(settings.S)),
        ("tau_exp", _times.Name(settings.TauExp) is { } name ? TomlBuilder.Of(name) : TomlBuilder.Of(settings.TauExp)),
        ("bin", TomlBuilder.Of((long)settings.Bin)),
        ("convention", TomlBuilder.Of(Conventions.Text(settings.Convention))),
        ("method", TomlBuilder.Of(Methods.Text(settings.Method))));

    private static ErrorSettings ReadOne(SectionReader reader, ErrorSettings fallback)
    {
        var settings = new ErrorSettings
        {
            S = reader.Number("s", fallback.S, value => value is >= 0 and <= LargestS, $"between 0 (no autocorrelation is summed) and {LargestS}"),
            TauExp = reader.NumberOrName("tau_exp", fallback.TauExp, _times),
            Bin = reader.Integer("bin", fallback.Bin, 0, LargestBin),
            Convention = reader.OneOf("convention", Conventions, fallback.Convention),
            Method = reader.OneOf("method", Methods, fallback.Method),
        };
        if (settings.TauExp < 0 && settings.TauExp != ErrorSettings.Automatic)
        {
            reader.Fail("tau_exp", $"must be \"auto\", 0 (no tail), or a positive number of stored configurations, not {TomlText.Number(settings.TauExp)}");
            settings = settings with { TauExp = fallback.TauExp };
        }
        return settings;
    }
}
