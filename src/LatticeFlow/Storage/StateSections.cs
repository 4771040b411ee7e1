using System.Diagnostics.CodeAnalysis;

namespace LatticeFlow.Storage;

/// <summary>
/// Named, typed pieces of a saved state, in the order in which they were set: <c>double[]</c>, <c>float[]</c>, <c>long[]</c>, <c>byte[]</c>,
/// scalars <c>long</c>, <c>ulong</c>, <c>double</c>, and <c>string</c>. Names are letters, digits, <c>_ . -</c>.
/// A getter throws <see cref="StorageException"/> (exit code 4) when the section is missing or of another type.
/// </summary>
public sealed class StateSections
{
    /// <summary>The section that a reader adds where the state leaves configurations to the rows of its segment (<see cref="ChainState.FieldRows"/>): those rows, as they are stored.</summary>
    public const string LastRows = "last_rows";

    private readonly OrderedDictionary<string, object> sections = [];

    /// <summary>Where the sections were read from; used in error messages.</summary>
    public string Origin { get; init; } = "state in memory";

    public IEnumerable<string> Names => sections.Keys;

    public int Count => sections.Count;

    public StateSections Set(string name, double[] values) => Put(name, values);

    public StateSections Set(string name, float[] values) => Put(name, values);

    public StateSections Set(string name, long[] values) => Put(name, values);

    public StateSections Set(string name, byte[] values) => Put(name, values);

    public StateSections Set(string name, long value) => Put(name, value);

    public StateSections Set(string name, ulong value) => Put(name, value);

    public StateSections Set(string name, double value) => Put(name, value);

    public StateSections Set(string name, string value) => Put(name, value);

    public double[] GetDoubles(string name) => Get<double[]>(name);

    public float[] GetFloats(string name) => Get<float[]>(name);

    public long[] GetLongs(string name) => Get<long[]>(name);

    public byte[] GetBytes(string name) => Get<byte[]>(name);

    public long GetLong(string name) => Get<long>(name);

    public ulong GetUnsigned(string name) => Get<ulong>(name);

    public double GetDouble(string name) => Get<double>(name);

    public string GetText(string name) => Get<string>(name);

    public bool Has(string name) => sections.ContainsKey(name);

    internal bool TryGet(string name, [NotNullWhen(true)] out object? value) => sections.TryGetValue(name, out value);

    internal StateSections Put(string name, object value)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        ArgumentNullException.ThrowIfNull(value);
        if (!name.All(c => char.IsAsciiLetterOrDigit(c) || c is '_' or '.' or '-') || name is "." or "..")
            throw new ArgumentException($"section name '{name}' may have letters, digits, '_', '.' and '-' only", nameof(name));
        sections[name] = value;
        return this;
    }

    private T Get<T>(string name)
    {
        if (!sections.TryGetValue(name, out object? value))
            throw new StorageException(Origin, $"has no section '{name}' (it has {string.Join(", ", sections.Keys)})", "It was written by another kind of run: start afresh");
        return value is T typed
            ? typed
            : throw new StorageException(Origin, $"section '{name}' is {value.GetType().Name}, expected {typeof(T).Name}", "It was written by another kind of run: start afresh");
    }
}

/// <summary>Everything a sampler needs to continue after a segment: the counter of its random numbers and its sections (fields, step sizes, tallies).</summary>
public sealed class ChainState
{
    /// <summary>Next unused value of the counter-based generator's running counter; copied to the manifest.</summary>
    public required ulong RngCounter { get; init; }

    public StateSections Sections { get; init; } = new();

    /// <summary>How many of the segment's last configurations belong to the state instead of a copy of them in its sections.</summary>
    public int FieldRows { get; init; }
}
