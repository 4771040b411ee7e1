namespace LatticeFlow.Interchange;

/// <summary>A file format of other programs that holds series. To add one, implement this and add a line to <see cref="SeriesFormats"/>.</summary>
public interface ISeriesFormat
{
    /// <summary>As the user writes it, in lower case.</summary>
    string Name { get; }

    /// <summary>Writes a new file atomically; an existing one is refused with exit code 2.</summary>
    /// <exception cref="UserErrorException">The series are not such as the format can hold.</exception>
    void Write(string path, SeriesData data);
}

/// <summary>The formats of series.</summary>
public static class SeriesFormats
{
    /// <summary>All of them.</summary>
    public static IReadOnlyList<ISeriesFormat> All { get; } = [new ArvizFormat(), new PyerrorsFormat(), new CsvFormat()];

    /// <summary>The format of this name, or null.</summary>
    public static ISeriesFormat? ByName(string name) => All.FirstOrDefault(format => format.Name == name);
}
