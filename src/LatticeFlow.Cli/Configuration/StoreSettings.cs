using LatticeFlow.Storage;
using static LatticeFlow.Cli.Configuration.TomlBuilder;

namespace LatticeFlow.Cli.Configuration;

/// <summary>What of the configurations of a <c>[[sample]]</c> is stored; observables and the columns of the chain are stored in every row.</summary>
/// <param name="Every">The configurations of every so manieth stored step of the replicas; 0: none.</param>
/// <param name="Encoding">In which form.</param>
public sealed record StoreSettings(int Every, FieldEncoding Encoding)
{
    public static readonly string[] Keys = ["store", "store_every", "links_precision", "links_rows"];

    private const string Links = "links";
    private const string Observables = "observables";
    private const int AllRows = 3;

    /// <summary>Every configuration, to the bit.</summary>
    public static StoreSettings All { get; } = new(1, FieldEncoding.Exact);

    /// <summary>Whether every row has its configuration.</summary>
    public bool IsWhole => Every == 1;

    public static StoreSettings Read(SectionReader reader, TheorySettings theory)
    {
        if (reader.OneOf("store", [Links, Observables], Links) == Observables)
        {
            foreach (var key in Keys.Skip(1).Where(reader.Has)) reader.Reject(key, $"does not apply to store = \"{Observables}\", which stores no configurations");
            return new(0, FieldEncoding.Exact);
        }
        var every = reader.Integer("store_every", 1, 1);
        var precision = reader.OneOf("links_precision", RunSettings.Precisions, Precision.Double);
        if (!HasTwoRows(theory))
        {
            if (reader.Has("links_rows")) reader.Reject("links_rows", $"applies to SU3, not to {theory.Field}");
            return new(every, new(precision == Precision.Float, false));
        }
        return new(every, new(precision == Precision.Float, reader.Integer("links_rows", AllRows, AllRows - 1, AllRows) < AllRows));
    }

    public void WriteTo(TomlTable table, TheorySettings theory)
    {
        table.Add(("store", Of(Every == 0 ? Observables : Links)));
        if (Every == 0) return;
        table.Add(("store_every", Of((long)Every)), ("links_precision", Of(RunSettings.Precisions.Text(Encoding.IsSingle ? Precision.Float : Precision.Double))),
            ("links_rows", HasTwoRows(theory) ? Of((long)(Encoding.TwoRows ? AllRows - 1 : AllRows)) : null));
    }

    /// <summary>Bytes of a configuration in a file.</summary>
    public double BytesOfConfiguration(TheorySettings theory) => theory.BytesOfConfiguration * (Encoding.IsSingle ? 0.5 : 1) * (Encoding.TwoRows ? 2.0 / AllRows : 1);

    private static bool HasTwoRows(TheorySettings theory) => theory.Field.Name == "SU3";
}
