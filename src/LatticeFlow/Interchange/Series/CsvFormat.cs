using System.Globalization;
using System.Text;
using LatticeFlow.Storage;

namespace LatticeFlow.Interchange;

/// <summary>
/// Comma-separated values (RFC 4180, lines end with \n): a header, then a row a configuration, replica after replica: <c>replica</c>, <c>step</c>, the columns of the chain, the observables, of those with a shape a
/// column a component, <c>"name[i,j]"</c>. Numbers have all their digits; what is not finite is <c>nan</c>, <c>inf</c> or <c>-inf</c>.
/// </summary>
public sealed class CsvFormat : ISeriesFormat
{
    /// <inheritdoc/>
    public string Name => "csv";

    /// <inheritdoc/>
    public void Write(string path, SeriesData data)
    {
        ArgumentNullException.ThrowIfNull(data);
        if (File.Exists(path)) throw new StorageException(path, "exists already", "Choose another name", StorageException.Unusable);
        (string Name, IReadOnlyList<double[]> Values)[] columns = [.. data.Chain.Concat(data.Observables).SelectMany(column => column.Values.Select((values, component) => (column.ComponentName(component), values)))];
        AtomicFile.Write(path, stream =>
        {
            using var text = new StreamWriter(stream, new UTF8Encoding(encoderShouldEmitUTF8Identifier: false), leaveOpen: true);
            text.Write(string.Join(',', columns.Select(column => Quoted(column.Name)).Prepend("step").Prepend("replica")) + "\n");
            for (int replica = 0; replica < data.Replicas.Count; replica++)
            {
                for (int row = 0; row < data.Steps[replica].Length; row++)
                {
                    text.Write(string.Create(CultureInfo.InvariantCulture, $"{data.Replicas[replica]},{data.Steps[replica][row]}"));
                    foreach (var (_, values) in columns)
                    {
                        text.Write(',');
                        text.Write(Number(values[replica][row]));
                    }

                    text.Write('\n');
                }
            }
        });
    }

    private static string Number(double value) => double.IsFinite(value) ? value.ToString("R", CultureInfo.InvariantCulture) : double.IsNaN(value) ? "nan" : value > 0 ? "inf" : "-inf";

    private static string Quoted(string name) => name.Contains(',', StringComparison.Ordinal) ? $"\"{name}\"" : name;
}
