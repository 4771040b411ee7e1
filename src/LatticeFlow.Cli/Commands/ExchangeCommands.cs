using System.CommandLine;
using LatticeFlow.Compute;
using LatticeFlow.Interchange;

namespace LatticeFlow.Cli.Commands;

/// <summary><c>import</c> and <c>export</c>: arguments and options.</summary>
internal sealed class ExchangeCommands(SharedOptions options, Func<ParseResult, Func<CommandContext, int>, int> invoke)
{
    private const string Hdf5 = "hdf5";
    private const string Automatic = "auto";

    private static string Formats => string.Join(", ", GaugeFileFormats.All.Select(format => format.Name));

    private static string Series => string.Join(", ", SeriesFormats.All.Select(format => format.Name));

    private static string WrittenFormats => string.Join(", ", GaugeFileFormats.All.Where(format => format.IsWritten).Select(format => format.Name));

    public Command Export(ICommandBody<ExportRequest>? body)
    {
        var source = new Argument<string>("RUN_DIR") { Description = "Run directory, imported ensemble, or HDF5 file of one of them." };
        var sample = new Option<string?>("--sample") { Description = "Name of the [[sample]]; may be left out where there is one.", HelpName = "NAME" };
        var output = new Option<string>("--output") { Description = "File to write, or directory for gauge files, one a configuration.", HelpName = "PATH", Required = true };
        var format = new Option<string>("--format") { Description = $"{Hdf5}; of series {Series}; of configurations {WrittenFormats}.", HelpName = "FORMAT", DefaultValueFactory = _ => Hdf5 };
        var precision = new Option<string?>("--precision") { Description = "float or double, of gauge files; unless given double, or what the format holds.", HelpName = "PRECISION" };
        var twoRows = new Option<bool>("--two-rows") { Description = "NERSC, SU(3): keep two rows of each matrix." };
        var littleEndian = new Option<bool>("--little-endian") { Description = "NERSC and MILC: little-endian numbers." };
        var label = new Option<string?>("--label") { Description = "Label of the ensemble in gauge files, before the replica; the name of the sample unless given.", HelpName = "TEXT" };
        var configuration = NumberOptions.Whole("--configuration", "Number of a configuration to write, counted from 0 in the order in which they are stored; repeatable; all unless given.", "N", ArgumentArity.OneOrMore, severalPerToken: false);
        var observables = new Option<string[]>("--observables")
        {
            Description = $"{Series}: names, separated by blanks or commas; all unless given.",
            HelpName = "NAME",
            Arity = ArgumentArity.OneOrMore,
            AllowMultipleArgumentsPerToken = true,
        };
        var command = new Command("export", "Write an ensemble as one HDF5 file, its series for other programs, or gauge files of other codes.")
        {
            source, sample, output, format, observables, precision, twoRows, littleEndian, label, configuration, options.Json, options.Quiet,
        };
        command.SetAction(result => invoke(result, context =>
        {
            var name = result.GetRequiredValue(format);
            var series = SeriesFormats.ByName(name);
            var chosen = name == Hdf5 || series is not null ? null : Format(name, $"{Hdf5}, {Series}, {WrittenFormats}");
            if (chosen is { IsWritten: false })
                throw new UserErrorException("can be read and not written") { Key = $"--format {name}", Remedy = $"choose one of {WrittenFormats}" };
            if (chosen is null && new Option[] { precision, twoRows, littleEndian, label, configuration }.FirstOrDefault(option => result.GetResult(option) is { Implicit: false }) is { } foreign)
                throw new UserErrorException("belongs to gauge files of other codes") { Key = foreign.Name, Remedy = $"leave it out, or choose --format {WrittenFormats.Replace(", ", " or ", StringComparison.Ordinal)}" };
            if (series is null && result.GetResult(observables) is { Implicit: false })
                throw new UserErrorException("belongs to series") { Key = observables.Name, Remedy = $"leave it out, or choose --format {Series.Replace(", ", " or ", StringComparison.Ordinal)}" };
            var request = new ExportRequest(result.GetRequiredValue(source), result.GetValue(sample), result.GetRequiredValue(output))
            {
                Format = chosen,
                Series = series,
                Observables = result.GetResult(observables) is null ? [] : [.. (result.GetValue(observables) ?? []).SelectMany(text => text.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)).Distinct()],
                Configurations = result.GetResult(configuration) is null ? [] : result.GetValue(configuration) ?? [],
                Writing = new()
                {
                    Precision = ParsePrecision(result.GetValue(precision)),
                    TwoRows = result.GetValue(twoRows),
                    LittleEndian = result.GetValue(littleEndian),
                    EnsembleLabel = result.GetValue(label) ?? "",
                },
            };
            if (request.Writing.EnsembleLabel.Any(char.IsControl)) throw new UserErrorException("is one line of text") { Key = label.Name };
            return CommandTree.Available(body, "export").Execute(request, context);
        }));
        return command;
    }

    public Command Import(ICommandBody<ImportRequest>? body)
    {
        var files = new Argument<string[]>("FILE") { Description = "Gauge files of one lattice; pipes too.", Arity = ArgumentArity.OneOrMore };
        var to = new Option<string>("--to") { Description = "New directory, or new HDF5 file (.h5, .hdf5).", HelpName = "PATH", Required = true };
        var format = new Option<string>("--format") { Description = $"{Automatic} (by content), {Formats}.", HelpName = "FORMAT", DefaultValueFactory = _ => Automatic };
        var extents = NumberOptions.Whole("--extents", "L_x L_y L_z L_t of files that do not state them.", "L", new(4, 4), severalPerToken: true);
        var group = new Option<string?>("--group") { Description = "Group of files that do not state it: U1, SU2, SU3, …", HelpName = "GROUP" };
        var beta = NumberOptions.Real("--beta", "The files were made with Wilson's action at this coupling.", "B", least: 0);
        var replica = new Option<string>("--replica")
        {
            Description = "What tells chains apart: auto (labels and names as export writes them), one (all files are one chain), directory, or a regular expression with one group, matched in each path.",
            HelpName = "RULE",
            DefaultValueFactory = _ => Automatic,
        };
        var number = new Option<string>("--number")
        {
            Description = "What orders a chain: auto, header (numbers that files state), name (numbers in their names), given (the order of the command line).",
            HelpName = "RULE",
            DefaultValueFactory = _ => Automatic,
        };
        var command = new Command("import", $"Read gauge files of other codes ({Formats}) into a new ensemble.") { files, to, format, replica, number, extents, group, beta, options.Json, options.Quiet };
        command.SetAction(result => invoke(result, context =>
        {
            var name = result.GetRequiredValue(format);
            var given = result.GetResult(extents) is null ? null : result.GetValue(extents);
            if (given is not null && given.Any(extent => extent is < 1 or > 1 << 20)) throw new UserErrorException("must be 1 to 1048576 each") { Key = extents.Name };
            var settings = new ImportSettings
            {
                Format = name == Automatic ? null : Format(name, $"{Automatic}, {Formats}"),
                Reading = new() { Extents = given?.Select(extent => (int)extent).ToArray(), N = Group(result.GetValue(group)) },
                Beta = result.GetResult(beta) is null ? null : result.GetValue(beta),
                Replicas = Replicas(result.GetRequiredValue(replica)),
                Numbers = Numbers(result.GetRequiredValue(number)),
            };
            return CommandTree.Available(body, "import").Execute(new(result.GetRequiredValue(files), result.GetRequiredValue(to), settings), context);
        }));
        return command;
    }

    private static IGaugeFileFormat Format(string name, string known)
        => GaugeFileFormats.ByName(name) ?? throw new UserErrorException($"must be one of {known}") { Key = $"--format {name}" };

    private static int? Group(string? text) => text switch
    {
        null => null,
        "U1" => 1,
        _ when text.StartsWith("SU", StringComparison.Ordinal) && int.TryParse(text.AsSpan(2), System.Globalization.NumberStyles.None, System.Globalization.CultureInfo.InvariantCulture, out int n) && n is >= 2 and <= 64 => n,
        _ => throw new UserErrorException("must be U1 or SU2 to SU64") { Key = $"--group {PrintableText.Short(text)}" },
    };

    private static ReplicaRule Replicas(string text)
    {
        try
        {
            return ReplicaRule.Parse(text);
        }
        catch (ArgumentException exception)
        {
            throw new UserErrorException(exception.Message, inner: exception) { Key = $"--replica {PrintableText.Short(text)}" };
        }
    }

    private static NumberSource Numbers(string text) => text switch
    {
        Automatic => NumberSource.Automatic,
        "header" => NumberSource.Header,
        "name" => NumberSource.Name,
        "given" => NumberSource.Given,
        _ => throw new UserErrorException("must be auto, header, name or given") { Key = $"--number {PrintableText.Short(text)}" },
    };

    private static Precision? ParsePrecision(string? text) => text switch
    {
        null => null,
        "float" => Precision.Single,
        "double" => Precision.Double,
        _ => throw new UserErrorException("must be float or double") { Key = $"--precision {text}" },
    };
}
