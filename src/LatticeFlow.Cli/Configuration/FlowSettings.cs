using LatticeFlow.Groups;
using static LatticeFlow.Cli.Configuration.TomlBuilder;

namespace LatticeFlow.Cli.Configuration;

/// <summary>The circular map inside a plaquette coupling.</summary>
public enum CouplingTransform { Mobius, Spline }

/// <summary>The non-linearity of the conditioner network.</summary>
public enum Activation { LeakyRelu, Silu, Tanh }

/// <summary>Which way the stripes of a mask move from layer to layer: with the excess they push on, or back over the last lines (as published).</summary>
public enum StripeOrder { Descending, Ascending }

/// <summary><c>[flow]</c>: the prior and the chain of layers that maps it to the theory.</summary>
public sealed record FlowSettings
{
    public static readonly string[] Keys = ["prior", "layers", "checkpoint"];

    /// <summary>The stripe mask repeats every 4 lines (Kanwar et al. 2020), so extents have to be multiples of it.</summary>
    public const int StripePeriod = 4;

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
            Layers = [.. (layers ?? []).Select(layer => LayerSettings.Read(layer, theory))],
            Checkpoint = reader.Text("checkpoint", ""),
        };
        reader.Close();
        return settings;
    }

    public TomlTable Write() => Table(("prior", Prior.Write()), ("layers", Array(Layers.Select(layer => layer.Write()))), ("checkpoint", Of(Checkpoint)));

    /// <summary>Reports a theory that no flow is built for, at its place.</summary>
    public static void CheckTheory(SectionReader theoryReader, TheorySettings theory)
    {
        if (theory.Group != GaugeGroup.U1.Name)
        {
            theoryReader.Fail("group", $"is \"{theory.Group}\", but flows of SU(N) are not built yet: remove [flow], or choose \"{GaugeGroup.U1.Name}\"");
            return;
        }
        if (theory.Action is not { Kind: ActionKind.Wilson, Anisotropy: 1 })
            theoryReader.Fail("action", "must be \"wilson\" with anisotropy 1 for a flow: flows of other actions are not built yet; remove [flow], or choose it");
        CheckExtents(theoryReader, theory);
    }

    /// <summary>Extents that the stripe mask cannot cover.</summary>
    private static void CheckExtents(SectionReader theoryReader, TheorySettings theory)
    {
        if (theory.Dimension == 0) return;
        if (theory.Dimension != 2)
        {
            theoryReader.Fail("extents", $"has {theory.Dimension} entries, but flows are built for 2 dimensions only: give 2 extents or remove [flow]");
            return;
        }
        foreach (var extent in theory.Extents.Distinct().Where(extent => extent % StripePeriod != 0))
        {
            var below = extent / StripePeriod * StripePeriod;
            var nearest = below == 0 ? $"{StripePeriod}" : $"{below} or {below + StripePeriod}";
            theoryReader.Fail("extents", $"holds {extent}, which the stripe mask of the flow does not allow: "
                + $"allowed are multiples of {StripePeriod} (4, 8, 12, 16, …), nearest {nearest}");
        }
    }
}

/// <summary>One entry of <c>flow.layers</c>: <see cref="Count"/> plaquette couplings whose masks follow each other in the stripe cycle.</summary>
public sealed record LayerSettings
{
    public static readonly string[] Keys = ["kind", "count", "transform", "components", "bins", "hidden", "kernel", "activation", "rectangles", "order"];
    public static readonly Choice<CouplingTransform> Transforms = new(("mobius", CouplingTransform.Mobius), ("spline", CouplingTransform.Spline));
    public static readonly Choice<Activation> Activations = new(("leaky-relu", Activation.LeakyRelu), ("silu", Activation.Silu), ("tanh", Activation.Tanh));

    public const string PlaquetteCoupling = "plaquette-coupling";

    public required string Kind { get; init; }

    public required int Count { get; init; }

    public required CouplingTransform Transform { get; init; }

    /// <summary>Maps in a Möbius mixture; 0 for a spline.</summary>
    public required int Components { get; init; }

    /// <summary>Bins of a circular rational-quadratic spline; 0 for a Möbius mixture.</summary>
    public required int Bins { get; init; }

    /// <summary>Channels of the hidden layers of the conditioner.</summary>
    public required ValueList<int> Hidden { get; init; }

    /// <summary>Width of the conditioner's square convolution kernels.</summary>
    public required int Kernel { get; init; }

    public required Activation Activation { get; init; }

    public static readonly Choice<StripeOrder> Orders = new(("descending", StripeOrder.Descending), ("ascending", StripeOrder.Ascending));

    /// <summary>Which way the stripes move from layer to layer.</summary>
    public required StripeOrder Order { get; init; }

    /// <summary>Whether the network also reads the 1×2 rectangles.</summary>
    public required bool Rectangles { get; init; }

    public static LayerSettings Read(SectionReader reader, TheorySettings theory)
    {
        if (reader.RequiredText("kind", "\"plaquette-coupling\"") is { } kind && kind != PlaquetteCoupling)
        {
            if (kind is "staple-coupling") reader.Fail("kind", $"\"{kind}\" is not built yet: available is \"{PlaquetteCoupling}\"");
            else reader.FailChoice("kind", reader.PlaceOf("kind"), kind, [PlaquetteCoupling]);
        }
        var transform = reader.OneOf("transform", Transforms, CouplingTransform.Mobius);
        var kernel = reader.Integer("kernel", 3, 1, 31);
        if (kernel % 2 == 0) reader.Fail("kernel", $"must be odd, so that it has a centre, not {kernel}");
        else if (theory.Dimension > 0 && kernel > theory.Extents.Min())
            reader.Fail("kernel", $"= {kernel} is wider than the lattice: at most {theory.Extents.Min()}");
        var settings = new LayerSettings
        {
            Kind = PlaquetteCoupling,
            Count = reader.Integer("count", 8, 1, 4096),
            Transform = transform,
            Components = transform == CouplingTransform.Mobius ? reader.Integer("components", 2, 1, 64) : 0,
            Bins = transform == CouplingTransform.Spline ? reader.Integer("bins", 8, 2, 256) : 0,
            Hidden = reader.Integers("hidden", 1, 1024) ?? [8, 8],
            Kernel = kernel,
            Activation = reader.OneOf("activation", Activations, Activation.LeakyRelu),
            Rectangles = reader.Boolean("rectangles", true),
            Order = reader.OneOf("order", Orders, StripeOrder.Descending),
        };
        reader.Close($"the transform \"{Transforms.Text(transform)}\"");
        return settings;
    }

    public TomlTable Write() => Table(("kind", Of(Kind)), ("count", Of((long)Count)), ("transform", Of(Transforms.Text(Transform))),
        ("components", Transform == CouplingTransform.Mobius ? Of((long)Components) : null),
        ("bins", Transform == CouplingTransform.Spline ? Of((long)Bins) : null),
        ("hidden", Of(Hidden)), ("kernel", Of((long)Kernel)), ("activation", Of(Activations.Text(Activation))),
        ("rectangles", Of(Rectangles)), ("order", Of(Orders.Text(Order))));
}
