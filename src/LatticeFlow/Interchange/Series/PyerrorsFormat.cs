using System.Globalization;
using System.IO.Compression;
using System.Text.Json;
using LatticeFlow.Storage;

namespace LatticeFlow.Interchange;

/// <summary>
/// Observables of pyerrors as gzipped JSON, version 1.1 of its <c>input.json</c>: an <c>Obs</c> an observable, a <c>List</c> one with a shape; replicas <c>ensemble|rN</c>, and a row <c>[configuration number, delta, …]</c> a
/// configuration, where delta is the number of the configuration minus the mean over all replicas.
/// </summary>
/// <remarks>Source: F. Joswig, S. Kuberski, J. T. Kuhlmann, J. Neuendorf, Comput. Phys. Commun. 288 (2023) 108750; its modules <c>pyerrors.input.json</c>.</remarks>
public sealed class PyerrorsFormat : ISeriesFormat
{
    /// <inheritdoc/>
    public string Name => "pyerrors";

    /// <inheritdoc/>
    public void Write(string path, SeriesData data)
    {
        ArgumentNullException.ThrowIfNull(data);
        if (File.Exists(path)) throw new StorageException(path, "exists already", "Choose another name", StorageException.Unusable);
        Check(path, data);
        AtomicFile.Write(path, stream =>
        {
            using var zip = new GZipStream(stream, CompressionLevel.Optimal, leaveOpen: true);
            using var json = new Utf8JsonWriter(zip);
            Write(json, data);
        });
    }

    private static void Check(string path, SeriesData data)
    {
        for (int replica = 0; replica < data.Replicas.Count; replica++)
        {
            if (data.Steps[replica].Zip(data.Steps[replica].Skip(1)).Any(pair => pair.First >= pair.Second))
                throw new UserErrorException($"two configurations of replica {data.Replicas[replica]} have one number, which pyerrors does not take") { File = path };
        }

        foreach (var column in data.Observables.Where(column => column.Values.Any(component => component.Any(chain => !chain.All(double.IsFinite)))))
            throw new UserErrorException($"observable {column.Name} has values that are no numbers, which pyerrors does not take") { File = path, Remedy = "leave it out with --observables" };
    }

    private static void Write(Utf8JsonWriter json, SeriesData data)
    {
        var (version, commit) = Provenance.OfThisBuild();
        json.WriteStartObject();
        json.WriteString("program", $"LatticeFlow {version}");
        json.WriteString("version", "1.1");
        json.WriteString("who", Environment.UserName);
        json.WriteString("date", DateTime.Now.ToString("yyyy-MM-dd HH:mm:ss zzz", CultureInfo.InvariantCulture));
        json.WriteString("host", Environment.MachineName);
        json.WriteStartObject("description");
        json.WriteString("ensemble", data.Name);
        json.WriteString(data.Header.HasLinks ? "group" : "field", data.Header.Field);
        json.WriteString("action", data.Header.Action);
        foreach (var (name, value) in data.Header.ActionParameters) json.WriteNumber(name, value);
        json.WriteStartArray("extents");
        foreach (int extent in data.Header.Extents) json.WriteNumberValue(extent);
        json.WriteEndArray();
        json.WriteString("sampler", data.Header.Sampler);
        json.WriteString("commit", commit);
        json.WriteEndObject();
        json.WriteStartArray("obsdata");
        foreach (var column in data.Observables) Write(json, data, column);
        json.WriteEndArray();
        json.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter json, SeriesData data, SeriesColumn column)
    {
        double[] means = [.. column.Values.Select(component => component.SelectMany(chain => chain).Average())];
        bool isList = column.Shape.Count > 0;
        json.WriteStartObject();
        json.WriteString("type", isList ? "List" : "Obs");
        json.WriteString("layout", isList ? means.Length.ToString(CultureInfo.InvariantCulture) : "1");
        json.WriteStartArray("value");
        foreach (double mean in means) json.WriteNumberValue(mean);
        json.WriteEndArray();
        json.WriteStartArray("tag");
        for (int component = 0; component < means.Length; component++) json.WriteStringValue(column.ComponentName(component));
        json.WriteEndArray();
        json.WriteStartArray("data");
        json.WriteStartObject();
        json.WriteString("id", data.Name);
        json.WriteStartArray("replica");
        for (int replica = 0; replica < data.Replicas.Count; replica++)
        {
            json.WriteStartObject();
            json.WriteString("name", string.Create(CultureInfo.InvariantCulture, $"{data.Name}|r{data.Replicas[replica]}"));
            json.WriteStartArray("deltas");
            for (int row = 0; row < data.Steps[replica].Length; row++)
            {
                json.WriteStartArray();
                json.WriteNumberValue(data.Steps[replica][row]);
                for (int component = 0; component < means.Length; component++) json.WriteNumberValue(column.Values[component][replica][row] - means[component]);
                json.WriteEndArray();
            }

            json.WriteEndArray();
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteEndObject();
        json.WriteEndArray();
        json.WriteEndObject();
    }
}
