using System.Globalization;
using LatticeFlow.Compute;
using LatticeFlow.Storage;

namespace LatticeFlow.Interchange;

/// <summary>The descriptive records of an ILDG file as QIO writes them (element names and order of scidacFile, scidacRecord, usqcdInfo and ildgFormat).</summary>
internal sealed class IldgXml(GaugeConfiguration configuration, GaugeWriteSettings settings)
{
    private const string Declaration = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>";
    private readonly int[] extents = ForeignOrder.Extents(configuration.Lattice);
    private readonly int n = configuration.N;
    private readonly bool isDouble = settings.Precision != Precision.Single;

    public string PrivateFile
        => $"{Declaration}<scidacFile><version>1.1</version><spacetime>4</spacetime><dims>{string.Join(' ', extents)} </dims><volfmt>0</volfmt></scidacFile>";

    public string File => $"{Declaration}<title>{Text(settings.EnsembleId)} {Text(settings.EnsembleLabel)}</title>";

    public string PrivateRecord
    {
        get
        {
            string letter = isDouble ? "D" : "F";
            int bytes = configuration.NumbersPerLink * (isDouble ? sizeof(double) : sizeof(float));
            string date = settings.Created.ToUniversalTime().ToString("ddd MMM dd HH:mm:ss yyyy", CultureInfo.InvariantCulture);
            return $"{Declaration}<scidacRecord><version>1.0</version><date>{date} UTC</date><globaldata>0</globaldata><datatype>QDP_{letter}{n}_ColorMatrix</datatype>"
                + $"<precision>{letter}</precision><colors>{n}</colors><typesize>{bytes}</typesize><datacount>4</datacount></scidacRecord>";
        }
    }

    /// <summary>Mean plaquette and link trace in 10 digits, both normalised to 1.</summary>
    public string Record => string.Create(CultureInfo.InvariantCulture,
        $"{Declaration}<usqcdInfo><version>1.0</version><plaq>{GaugeMeasurement.MeanPlaquette(configuration):G10}</plaq><linktr>{GaugeMeasurement.LinkTrace(configuration):G10}</linktr>")
        + $"<info>LatticeFlow {Provenance.OfThisBuild().Version}, {Text(settings.EnsembleId)}, {Text(settings.EnsembleLabel)}, number {settings.SequenceNumber.ToString(CultureInfo.InvariantCulture)}</info></usqcdInfo>";

    public string Format
        => $"{Declaration}<ildgFormat xmlns=\"http://www.lqcd.org/ildg\" xmlns:xsi=\"http://www.w3.org/2001/XMLSchema-instance\" xsi:schemaLocation=\"http://www.lqcd.org/ildg/filefmt.xsd\">"
        + $"<version>1.0</version><field>su{n}gauge</field><precision>{(isDouble ? 64 : 32)}</precision>"
        + $"<lx>{extents[0]}</lx><ly>{extents[1]}</ly><lz>{extents[2]}</lz><lt>{extents[3]}</lt></ildgFormat>";

    public string LogicalFileName
        => $"lfn://{Uri.EscapeDataString(settings.EnsembleId)}/{Uri.EscapeDataString(settings.EnsembleLabel)}/{settings.SequenceNumber.ToString(CultureInfo.InvariantCulture)}";

    private static string Text(string value)
        => value.Any(char.IsControl) ? throw new ArgumentException($"'{value}' is one line of text without control characters") : XmlText.Escape(value);
}
