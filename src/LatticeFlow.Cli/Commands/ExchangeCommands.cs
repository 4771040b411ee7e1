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

    public Command Export(ICommandBody<ExportRequest>? body)
    {
        var source = new Argument<string>("RUN_DIR") { Description = "Run directory, imported ensemble, or HDF5 file of one of them." };
        var sample = new Option<string?>("--sample") { Description = "Name of the [[sample]]; may be left out where there is one.", HelpName = "NAME" };
        var output = new Option<string>("--output") { Description = "HDF5 file to write, or directory for gauge files, one a configuration.", HelpName = "PATH", Required = true };
        var format = new Option<string>("--format") { Description = $"{Hdf5}, {Formats}.", HelpName = "FORMAT", DefaultValueFactory = _ => Hdf5 };
        var precision = new Option<string>("--precision") { Description = "float or double, of gauge files.", HelpName = "PRECISION", DefaultValueFactory = _ => "double" };
        var twoRows = new Option<bool>("--two-rows") { Description = "NERSC, SU(3): keep two rows of each matrix." };
        var littleEndian = new Option<bool>("--little-endian") { Description = "NERSC: little-endian numbers." };
        var label = new Option<string?>("--label") { Description = "Label of the ensemble in gauge files; the name of the sample unless given.", HelpName = "TEXT" };
        var configuration = new Option<long[]>("--configuration") { Description = "Number of a configuration to write, counted from 0; repeatable; all unless given.", HelpName = "N" };
        var command = new Command("export", "Write an ensemble as one HDF5 file or as gauge files of other codes.")
        {
            source, sample, output, format, precision, twoRows, littleEndian, label, configuration, options.Json, options.Quiet,
        };
        command.SetAction(result => invoke(result, context =>
        {
            var name = result.GetRequiredValue(format);
            var chosen = name == Hdf5 ? null : Format(name, $"{Hdf5}, {Formats}");
            if (chosen is null && new Option[] { precision, twoRows, littleEndian, label, configuration }.FirstOrDefault(option => result.GetResult(option) is { Implicit: false }) is { } foreign)
                throw new UserErrorException("belongs to gauge files of other codes") { Key = foreign.Name, Remedy = $"leave it out, or choose --format {Formats.Replace(", ", " or ", StringComparison.Ordinal)}" };
            var request = new ExportRequest(result.GetRequiredValue(source), result.GetValue(sample), result.GetRequiredValue(output))
            {
                Format = chosen,
                Configurations = result.GetValue(configuration) ?? [],
                Writing = new()
                {
                    Precision = ParsePrecision(result.GetRequiredValue(precision)),
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
        var files = new Argument<string[]>("FILE") { Description = "Gauge files of one lattice, in the order of the chain.", Arity = ArgumentArity.OneOrMore };
        var to = new Option<string>("--to") { Description = "New directory, or new HDF5 file (.h5, .hdf5).", HelpName = "PATH", Required = true };
        var format = new Option<string>("--format") { Description = $"{Automatic} (by the first bytes), {Formats}.", HelpName = "FORMAT", DefaultValueFactory = _ => Automatic };
        var extents = new Option<int[]>("--extents") { Description = "L_x L_y L_z L_t of files that do not state them.", HelpName = "L", Arity = new(4, 4), AllowMultipleArgumentsPerToken = true };
        var beta = new Option<double?>("--beta") { Description = "The files were made with Wilson's action at this coupling.", HelpName = "B" };
        var command = new Command("import", "Read gauge files of other codes (NERSC, ILDG) into a new ensemble.") { files, to, format, extents, beta, options.Json, options.Quiet };
        command.SetAction(result => invoke(result, context =>
        {
            var name = result.GetRequiredValue(format);
            var given = result.GetResult(extents) is null ? null : result.GetValue(extents);
            if (given is not null && given.Any(extent => extent < 1)) throw new UserErrorException("must be at least 1 each") { Key = extents.Name };
            if (result.GetValue(beta) is { } value && !double.IsFinite(value)) throw new UserErrorException("must be a number") { Key = beta.Name };
            var settings = new ImportSettings
            {
                Format = name == Automatic ? null : Format(name, $"{Automatic}, {Formats}"),
                Reading = new() { Extents = given },
                Beta = result.GetValue(beta),
            };
            return CommandTree.Available(body, "import").Execute(new(result.GetRequiredValue(files), result.GetRequiredValue(to), settings), context);
        }));
        return command;
    }

    private static IGaugeFileFormat Format(string name, string known)
        => GaugeFileFormats.ByName(name) ?? throw new UserErrorException($"must be one of {known}") { Key = $"--format {name}" };

    private static Precision ParsePrecision(string text) => text switch
    {
        "float" => Precision.Single,
        "double" => Precision.Double,
        _ => throw new UserErrorException("must be float or double") { Key = $"--precision {text}" },
    };
}
