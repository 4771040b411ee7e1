namespace LatticeFlow.Storage;

/// <summary>An attribute: its element type, its shape and its bytes.</summary>
internal sealed record Hdf5Attribute(Hdf5Datatype Type, ulong[] Shape, byte[] Bytes);

/// <summary>A group (with <see cref="Links"/>) or a dataset: contiguous bytes of the file from <see cref="Offset"/> on.</summary>
internal sealed class Hdf5Node
{
    public Dictionary<string, Hdf5Attribute> Attributes { get; } = [];

    /// <summary>Where the objects of a group begin, by name, in the order of the file.</summary>
    public OrderedDictionary<string, Hdf5Node> Links { get; } = [];

    /// <summary>Element type of a dataset; null for a group.</summary>
    public Hdf5Datatype? Type { get; set; }

    /// <summary>Shape of a dataset; empty for one number.</summary>
    public ulong[] Shape { get; set; } = [];

    /// <summary>Whether a dataset is one number without a shape.</summary>
    public bool IsScalar { get; set; }

    /// <summary>First byte of the data in the file; meaningless where <see cref="Bytes"/> is 0.</summary>
    public long Offset { get; set; }

    /// <summary>The data themselves where they are kept in the object header.</summary>
    public byte[]? Compact { get; set; }

    /// <summary>Bytes of the data.</summary>
    public long Bytes { get; set; }
}
