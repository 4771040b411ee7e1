using System.Globalization;
using System.Text;
using PureHDF;

namespace LatticeFlow.Storage;

/// <summary>A variable of an InferenceData group: <c>[component][chain][draw]</c> with the shape of the components.</summary>
public sealed record InferenceVariable(string Name, IReadOnlyList<int> Shape, IReadOnlyList<IReadOnlyList<double[]>> Values);

/// <summary>What an <see cref="InferenceDataFile"/> holds.</summary>
public sealed record InferenceData
{
    /// <summary>Coordinates of the dimension <c>chain</c>.</summary>
    public required IReadOnlyList<long> Chains { get; init; }

    /// <summary>Numbers of the draws of each chain; chains may differ in length.</summary>
    public required IReadOnlyList<long[]> Steps { get; init; }

    public required IReadOnlyList<InferenceVariable> Posterior { get; init; }

    public required IReadOnlyList<InferenceVariable> SampleStats { get; init; }

    public required EnsembleHeader Header { get; init; }

    /// <summary>Of the ensemble.</summary>
    public required string Name { get; init; }
}

/// <summary>
/// ArviZ's InferenceData as netCDF-4 on HDF5: groups <c>posterior</c> and <c>sample_stats</c>, variables <c>[chain, draw, …]</c> in double, dimensions as dimension scales with coordinates. Chains that end earlier than the
/// longest are filled up with NaN, and <c>sample_stats/step</c> with −1; <c>sample_stats/draws</c> has the lengths. Texts have one fixed length, which netCDF-4 readers want of dimension scales.
/// </summary>
public static class InferenceDataFile
{
    /// <summary>Writes atomically; an existing file is refused with exit code 2.</summary>
    public static void Write(string path, InferenceData data)
    {
        ArgumentNullException.ThrowIfNull(data);
        if (File.Exists(path))
            throw new StorageException(path, "exists already", "Choose another name", StorageException.Unusable);
        int draws = data.Steps.Max(chain => chain.Length);
        var steps = new long[data.Chains.Count * draws];
        Array.Fill(steps, -1);
        for (int chain = 0; chain < data.Chains.Count; chain++)
            data.Steps[chain].CopyTo(steps, chain * draws);
        var texts = new List<string>();
        var deferred = new DeferredData();
        var file = new H5File();
        foreach (var (name, value) in Attributes(data))
        {
            file.Attributes[name] = value;
            if (value is string text)
                texts.Add(text);
        }

        var posterior = new Group("posterior", data.Chains, draws, deferred, texts);
        foreach (var variable in data.Posterior)
            posterior.Add(variable);
        file["posterior"] = posterior.Content;
        var stats = new Group("sample_stats", data.Chains, draws, deferred, texts);
        foreach (var variable in data.SampleStats)
            stats.Add(variable);
        stats.AddSteps(steps, [.. data.Steps.Select(chain => (long)chain.Length)]);
        file["sample_stats"] = stats.Content;
        int length = texts.Max(text => Encoding.UTF8.GetByteCount(text)) + 1;
        AtomicFile.Write(path, stream =>
        {
            file.Write(stream, new H5WriteOptions(DefaultStringLength: length, PreferCompactDatasetLayout: false, IncludeStructFields: true, IncludeStructProperties: false));
            deferred.Fill(stream);
        });
    }

    private static IEnumerable<(string Name, object Value)> Attributes(InferenceData data)
    {
        var header = data.Header;
        yield return ("created_at", DateTime.UtcNow.ToString("yyyy-MM-ddTHH:mm:ss.ffffff", CultureInfo.InvariantCulture));
        yield return ("inference_library", "LatticeFlow");
        yield return ("inference_library_version", Provenance.OfThisBuild().Version);
        yield return ("ensemble", data.Name);
        yield return (header.HasLinks ? "group" : "field", header.Field);
        yield return ("extents", Array.ConvertAll(header.Extents, extent => (long)extent));
        yield return ("action", header.Action);
        foreach (var (name, value) in header.ActionParameters)
            yield return (name, value);
        yield return ("sampler", header.Sampler);
        yield return ("seed", header.Seed);
    }

    /// <summary>A group with its own dimensions, as ArviZ writes them.</summary>
    private sealed class Group
    {
        private readonly string path;
        private readonly int chains;
        private readonly int draws;
        private readonly DeferredData deferred;
        private readonly List<string> texts;
        private readonly H5Dataset chain;
        private readonly H5Dataset draw;

        public Group(string path, IReadOnlyList<long> chains, int draws, DeferredData deferred, List<string> texts)
        {
            (this.path, this.chains, this.draws, this.deferred, this.texts) = (path, chains.Count, draws, deferred, texts);
            chain = Scale("chain", [.. chains]);
            draw = Scale("draw", [.. Enumerable.Range(0, draws).Select(number => (long)number)]);
        }

        public H5Group Content { get; } = new();

        public void Add(InferenceVariable variable)
        {
            int components = variable.Values.Count;
            var values = new double[chains * draws * components];
            Array.Fill(values, double.NaN);
            for (int component = 0; component < components; component++)
            {
                for (int replica = 0; replica < chains; replica++)
                {
                    double[] series = variable.Values[component][replica];
                    for (int number = 0; number < series.Length; number++)
                        values[(((replica * draws) + number) * components) + component] = series[number];
                }
            }

            var scales = new List<H5Dataset> { chain, draw };
            for (int axis = 0; axis < variable.Shape.Count; axis++)
                scales.Add(Scale($"{variable.Name}_dim_{axis}", [.. Enumerable.Range(0, variable.Shape[axis]).Select(index => (long)index)]));
            ulong[] shape = [(ulong)chains, (ulong)draws, .. variable.Shape.Select(extent => (ulong)extent)];
            Content[variable.Name] = Attached((H5Dataset)deferred.Dataset($"{path}/{variable.Name}", values, shape), scales);
        }

        public void AddSteps(long[] steps, long[] lengths)
        {
            Content["step"] = Attached((H5Dataset)deferred.Dataset($"{path}/step", steps, [(ulong)chains, (ulong)draws]), [chain, draw]);
            Content["draws"] = Attached(new H5Dataset(lengths), [chain]);
        }

        private H5Dataset Scale(string name, long[] coordinates)
        {
            var scale = new H5Dataset(coordinates);
            scale.Attributes["CLASS"] = "DIMENSION_SCALE";
            scale.Attributes["NAME"] = name;
            texts.AddRange(["DIMENSION_SCALE", name]);
            Content[name] = scale;
            return scale;
        }

        private static H5Dataset Attached(H5Dataset dataset, IReadOnlyList<H5Dataset> scales)
        {
            dataset.Attributes["DIMENSION_LIST"] = scales.Select(scale => new H5ObjectReference[] { scale }).ToArray();
            return dataset;
        }
    }
}
