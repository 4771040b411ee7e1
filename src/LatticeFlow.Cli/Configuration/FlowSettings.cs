using LatticeFlow.Fields;
using LatticeFlow.Flows;
using LatticeFlow.Lattice;
using static LatticeFlow.Cli.Configuration.TomlBuilder;

namespace LatticeFlow.Cli.Configuration;

/// <summary><c>[flow]</c>: the prior and the chain of layers that maps it to the theory.</summary>
public sealed record FlowSettings
{
    public static readonly string[] Keys = ["prior", "layers", "checkpoint"];

    /// <summary>What the chain starts from.</summary>
    public required PriorSettings Prior { get; init; }

    public required ValueList<LayerSettings> Layers { get; init; }

    /// <summary>Parameters to start from, or empty for fresh ones. It may come from a lattice of another volume.</summary>
    public required string Checkpoint { get; init; }

    public static FlowSettings Read(SectionReader reader, TheorySettings theory)
    {
        var layers = reader.Tables("layers", LayerSettings.Keys);
        if (reader.IsMissingOrEmpty("layers"))
            reader.Fail("layers", "is missing or empty: give at least one, for example layers = [ { kind = \"plaquette-coupling\", count = 16 } ]");
        var settings = new FlowSettings
        {
            Prior = PriorSettings.Read(reader, theory),
            Layers = [.. (layers ?? []).Select(layer => LayerSettings.Read(layer, theory)).OfType<LayerSettings>()],
            Checkpoint = reader.Text("checkpoint", ""),
        };
        reader.Close();
        return settings;
    }

    public TomlTable Write() => Table(("prior", Prior.Write()), ("layers", Array(Layers.Select(layer => layer.Write()))), ("checkpoint", Of(Checkpoint)));

    /// <summary>The chain of layers and its prior, with all parameters zero.</summary>
    public FlowModel Model(FieldType field, int dimensions) => new(
        FlowRegistry.Create(field, dimensions, Layers.Select(layer => (layer.Kind, layer.Arguments))),
        Prior.Create());

    /// <summary>Reports a theory that the flow cannot act on: a kind of layer at the layer, a lattice at its extents.</summary>
    public void CheckTheory(SectionReader flowReader, SectionReader theoryReader, TheorySettings theory)
    {
        if (theory.Dimension == 0) return;
        for (var i = 0; i < Layers.Count; i++)
        {
            if (Layers[i].Kind.Refusal(theory.Field, theory.Dimension) is not { } reason) continue;
            flowReader.Fail("layers", $"{i}: \"{Layers[i].Kind.Name}\" {reason}");
            return;
        }
        var space = new FieldSpace(theory.Field, new LatticeGeometry([.. theory.Extents]));
        if (Model(theory.Field, theory.Dimension).Layers.Select(layer => layer.Refusal(space)).FirstOrDefault(reason => reason is not null) is { } refusal)
            theoryReader.Fail("extents", $"cannot carry the flow: {refusal}");
    }
}
