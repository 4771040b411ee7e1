using System.Text.Json;
using System.Text.Json.Nodes;
using LatticeFlow.Compute;
using LatticeFlow.Storage;

namespace LatticeFlow.Interchange;

/// <summary>Rows of the segment that an import is filling.</summary>
internal sealed class ImportBlock(double? beta)
{
    private readonly List<GaugeFile> files = [];
    private readonly List<ChainPlace> places = [];
    private readonly JsonArray sources = [];

    /// <summary>Of the links.</summary>
    public long Bytes { get; private set; }

    public void Add(ChainPlace place, GaugeFile file)
    {
        files.Add(file);
        places.Add(place);
        Bytes += file.Configuration.Links.LongLength * sizeof(double);
        sources.Add((JsonNode)new JsonObject
        {
            ["replica"] = place.Replica,
            ["step"] = place.Step,
            ["file"] = Path.GetFileName(place.Source.Name),
            ["entry"] = place.Source.Entry,
            ["format"] = place.Source.Format.Name,
            ["precision"] = file.Precision == Precision.Double ? "double" : "float",
            ["properties"] = new JsonObject(file.Properties.Select(property => KeyValuePair.Create<string, JsonNode?>(property.Key, property.Value))),
        });
    }

    public void Flush(EnsembleWriter writer)
    {
        double[] plaquettes = [.. files.Select(file => file.Plaquette)];
        var block = new EnsembleBlock
        {
            Count = files.Count,
            Field = files.Count == 1 ? files[0].Configuration.Links : [.. files.SelectMany(file => file.Configuration.Links)],
            Replica = [.. places.Select(place => place.Replica)],
            Step = [.. places.Select(place => place.Step)],
            Accepted = [.. Enumerable.Repeat((byte)1, files.Count)],
            Action = [.. files.Select(file => beta is { } value ? -value * file.Plaquette * file.Configuration.Lattice.Plaquettes : double.NaN)],
            Observables = { ["plaquette"] = plaquettes, ["link_trace"] = files.Select(file => file.LinkTrace).ToArray() },
        };
        string text = sources.ToJsonString(new JsonSerializerOptions { WriteIndented = true });
        writer.Append(block, new ChainState { RngCounter = 0, Sections = new StateSections().Set(EnsembleImport.Sources, text) });
        files.Clear();
        places.Clear();
        sources.Clear();
        Bytes = 0;
    }
}
