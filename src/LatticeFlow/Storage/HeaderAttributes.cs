using PureHDF;

namespace LatticeFlow.Storage;

/// <summary>
/// Maps an <see cref="EnsembleHeader"/> to root attributes and back. Strings have variable length (h5py gives them back as <c>str</c>) and live in the global heap,
/// so a configuration text longer than the 64 kB that an attribute message may have is no special case.
/// </summary>
internal static class HeaderAttributes
{
    public static readonly IReadOnlySet<string> Reserved = new HashSet<string>
    {
        "format", "group", "field", "extents", "action", "sampler", "seed", "rng", "precision", "device", "version", "commit", "config",
    };

    public static void Write(EnsembleHeader header, H5File file)
    {
        var attributes = file.Attributes;
        attributes["format"] = (long)EnsembleHeader.Format;
        attributes[header.HasLinks ? "group" : "field"] = header.Field;
        attributes["extents"] = Array.ConvertAll(header.Extents, extent => (long)extent);
        attributes["action"] = header.Action;
        foreach (var (name, value) in header.ActionParameters)
            attributes[name] = value;
        attributes["sampler"] = header.Sampler;
        attributes["seed"] = header.Seed;
        attributes["rng"] = header.Rng;
        attributes["precision"] = header.Precision;
        attributes["device"] = header.Device;
        attributes["version"] = header.Version;
        attributes["commit"] = header.Commit;
        attributes["config"] = header.Config;
    }

    public static EnsembleHeader Read(Hdf5Source source) => source.Guard(() => Parse(source));

    private static EnsembleHeader Parse(Hdf5Source source)
    {
        long format = source.Attribute<long>("format");
        if (format != EnsembleHeader.Format)
            throw new StorageException(source.Path, $"has format {format}, this version reads format {EnsembleHeader.Format}", "Read it with the version that wrote it");
        long[] extents = source.ArrayAttribute("extents", maximumLength: 8);
        if (extents.Length == 0 || extents.Any(extent => extent is < 1 or > 1 << 20))
            throw new StorageException(source.Path, "attribute extents is not a list of lattice lengths", "Restore the file from a copy");
        string[] names = source.AttributeNames();
        var parameters = new SortedDictionary<string, double>(StringComparer.Ordinal);
        foreach (string name in names)
        {
            if (!Reserved.Contains(name))
                parameters[name] = source.Attribute<double>(name);
        }

        var header = new EnsembleHeader
        {
            Field = source.TextAttribute(names.Contains("field") ? "field" : "group"),
            Extents = Array.ConvertAll(extents, extent => (int)extent),
            Action = source.TextAttribute("action"),
            ActionParameters = parameters,
            Sampler = source.TextAttribute("sampler"),
            Seed = source.Attribute<ulong>("seed"),
            Rng = source.TextAttribute("rng"),
            Precision = source.TextAttribute("precision"),
            Device = source.TextAttribute("device"),
            Version = source.TextAttribute("version"),
            Commit = source.TextAttribute("commit"),
            Config = source.TextAttribute("config"),
        };
        header.Validate();
        return header;
    }
}
