using System.Globalization;
using LatticeFlow.Storage;

namespace LatticeFlow.Interchange;

/// <summary>
/// Which chain each of several configurations belongs to, and where in it: from what files state and how they are named, not from the order in which they were given. What cannot be told, and what
/// looks wrong (another order, gaps, several labels or directories in one chain), is a warning; two configurations in one place are refused.
/// </summary>
public sealed class ChainPlan
{
    private const int Shown = 5;
    private readonly List<string> warnings = [];

    private ChainPlan(IReadOnlyList<ChainSource> sources, ReplicaRule rule, NumberSource numbers)
    {
        long[] replicas = Replicas(sources, rule);
        foreach (var chain in Chains(sources, replicas))
            LookAtChain(chain.Key, [.. chain], rule);
        long[] steps = Steps(sources, replicas, numbers);
        ChainPlace[] given = [.. sources.Select((source, at) => new ChainPlace(source, replicas[at], steps[at]))];
        foreach (var chain in given.GroupBy(place => place.Replica).OrderBy(chain => chain.Key))
            LookAtNumbers(chain.Key, [.. chain]);

        // As a run stores them: step by step, all replicas of a step together.
        Places = [.. given.OrderBy(place => place.Step).ThenBy(place => place.Replica)];
    }

    /// <summary>In the order in which they are stored.</summary>
    public IReadOnlyList<ChainPlace> Places { get; }

    /// <summary>A sentence each, without its full stop.</summary>
    public IReadOnlyList<string> Warnings => warnings;

    /// <exception cref="StorageException">A pattern does not match, numbers are asked for that are not there, or two configurations have one place (exit code 2).</exception>
    public static ChainPlan Of(IReadOnlyList<ChainSource> sources, ReplicaRule rule, NumberSource numbers) => new(sources, rule, numbers);

    private static IEnumerable<IGrouping<long, ChainSource>> Chains(IReadOnlyList<ChainSource> sources, long[] replicas)
        => sources.Select((source, at) => (source, at)).GroupBy(pair => replicas[pair.at], pair => pair.source).OrderBy(chain => chain.Key);

    private long[] Replicas(IReadOnlyList<ChainSource> sources, ReplicaRule rule) => rule.Source switch
    {
        ReplicaSource.One => new long[sources.Count],
        ReplicaSource.Directory => Numbered([.. sources.Select(DirectoryOf)]),
        ReplicaSource.Pattern => Numbered([.. sources.Select(source => Matched(source, rule))]),
        _ => Recognised(sources),
    };

    private static string Matched(ChainSource source, ReplicaRule rule)
    {
        var match = rule.Pattern!.Match(source.Name);
        return match.Success && match.Groups[1].Success
            ? match.Groups[1].Value
            : throw new StorageException(source.Name, $"is not matched by the pattern '{rule.Pattern}' of --replica", "Choose a pattern that fits every path", StorageException.Unusable);
    }

    private long[] Recognised(IReadOnlyList<ChainSource> sources)
    {
        long?[] labels = [.. sources.Select(source => ChainNames.ReplicaOfLabel(source.Said.Label))];
        long?[] names = [.. sources.Select(source => source.IsNamed ? ChainNames.OfFile(source.Name)?.Replica : null)];
        foreach (long?[] found in new[] { labels, names })
        {
            if (Array.TrueForAll(found, replica => replica is not null))
                return [.. found.Select(replica => replica!.Value)];
        }

        int some = Math.Max(labels.Count(replica => replica is not null), names.Count(replica => replica is not null));
        if (some > 0)
            warnings.Add($"{some} of {sources.Count} files name a replica and the others do not: all are taken as one chain (--replica tells them apart)");
        return new long[sources.Count];
    }

    /// <summary>Texts as numbers: the last number in each where all have one and no two texts the same, else their ordinal order.</summary>
    private static long[] Numbered(string[] texts)
    {
        string[] distinct = [.. texts.Distinct().Order(StringComparer.Ordinal)];
        long?[] numbers = [.. distinct.Select(text => ChainNames.LastNumber(text)?.Number)];
        bool usable = Array.TrueForAll(numbers, number => number is not null) && numbers.Distinct().Count() == numbers.Length;
        var found = distinct.Select((text, at) => (text, Number: usable ? numbers[at]!.Value : at)).ToDictionary(pair => pair.text, pair => pair.Number);
        return [.. texts.Select(text => found[text])];
    }

    private static string DirectoryOf(ChainSource source) => Path.GetDirectoryName(Path.GetFullPath(source.Name)) ?? "/";

    private void LookAtChain(long replica, ChainSource[] chain, ReplicaRule rule)
    {
        string[] labels = [.. chain.Select(source => source.Said.Label).OfType<string>().Distinct().Order(StringComparer.Ordinal)];
        if (labels.Length > 1 && rule.Source != ReplicaSource.One)
            warnings.Add($"replica {replica}: its files state {labels.Length} labels ('{labels[0]}', '{labels[1]}'{(labels.Length > 2 ? ", …" : "")}) and are taken as one chain (--replica tells them apart)");
        int directories = chain.Where(source => source.IsNamed).Select(DirectoryOf).Distinct().Count();
        if (directories > 1 && rule.Source == ReplicaSource.Automatic)
            warnings.Add($"replica {replica}: its files come from {directories} directories and are taken as one chain (--replica directory keeps them apart)");
    }

    private long[] Steps(IReadOnlyList<ChainSource> sources, long[] replicas, NumberSource rule)
    {
        long?[] headers = [.. sources.Select(source => source.Said.Number)], names = Names(sources, replicas);
        switch (rule)
        {
            case NumberSource.Header:
                return Required(sources, replicas, headers, "states no number of a configuration");
            case NumberSource.Name:
                return Required(sources, replicas, names, "has no number in its name, or the names of its chain differ in more than one number");
            case NumberSource.Given:
                return Given(replicas);
        }

        if (Complete(headers))
        {
            if (FirstTwice(headers, replicas) is not var (one, other))
                return [.. headers.Select(number => number!.Value)];
            if (!Complete(names) || FirstTwice(names, replicas) is not null)
                throw Twice(sources, headers, one, other);

            // Grid states 1 in every file.
            warnings.Add(string.Create(CultureInfo.InvariantCulture, $"files state the same number twice ({headers[one]}): the numbers in their names are taken instead"));
            return [.. names.Select(number => number!.Value)];
        }

        if (Complete(names))
            return Required(sources, replicas, names, "");
        if (sources.Count > 1)
            warnings.Add("not every file states a number or has one in its name: the order in which they were given is taken for that of the chain");
        return Given(replicas);
    }

    private static long?[] Names(IReadOnlyList<ChainSource> sources, long[] replicas)
    {
        long?[] names = [.. sources.Select(source => source is { IsNamed: true, Entries: 1 } ? ChainNames.OfFile(source.Name)?.Number : null)];
        if (Complete(names))
            return names;
        // Names of one chain that differ in their last number alone count something. A file that is alone in its chain says so only beside others that do.
        var last = sources.Select(source => source is { IsNamed: true, Entries: 1 } ? ChainNames.LastNumber(source.Name) : null).ToArray();
        var chains = Enumerable.Range(0, sources.Count).GroupBy(at => replicas[at]).ToArray();
        bool oneFrame = sources.Count > 1 && Array.TrueForAll(last, file => file is not null && file.Value.Frame == last[0]?.Frame);
        bool counted = oneFrame || (chains.Any(chain => chain.Skip(1).Any()) && Array.TrueForAll(chains, chain => chain.All(at => last[at] is not null && last[at]!.Value.Frame == last[chain.First()]!.Value.Frame)));
        for (int at = 0; at < names.Length; at++)
            names[at] = counted ? last[at]!.Value.Number : null;
        return names;
    }

    private static long[] Given(long[] replicas)
    {
        var next = new Dictionary<long, long>();
        return [.. replicas.Select(replica => next[replica] = next.TryGetValue(replica, out long last) ? last + 1 : 0)];
    }

    private static bool Complete(long?[] numbers) => Array.TrueForAll(numbers, number => number is not null);

    private static long[] Required(IReadOnlyList<ChainSource> sources, long[] replicas, long?[] numbers, string complaint)
    {
        int missing = Array.IndexOf(numbers, null);
        if (missing >= 0)
            throw new StorageException(sources[missing].Described, complaint, "Choose another --number", StorageException.Unusable);
        return FirstTwice(numbers, replicas) is var (one, other) ? throw Twice(sources, numbers, one, other) : [.. numbers.Select(number => number!.Value)];
    }

    private static (int One, int Other)? FirstTwice(long?[] numbers, long[] replicas)
    {
        var seen = new Dictionary<(long Replica, long? Number), int>();
        for (int at = 0; at < numbers.Length; at++)
        {
            if (!seen.TryAdd((replicas[at], numbers[at]), at))
                return (seen[(replicas[at], numbers[at])], at);
        }

        return null;
    }

    private static StorageException Twice(IReadOnlyList<ChainSource> sources, long?[] numbers, int one, int other) => new(
        sources[other].Described, string.Create(CultureInfo.InvariantCulture, $"has number {numbers[other]} of its chain, and so has {sources[one].Described}"),
        "Files of several chains are kept apart by --replica directory or --replica PATTERN; a file is given once; --number given takes the order of the command line", StorageException.Unusable);

    private void LookAtNumbers(long replica, ChainPlace[] chain)
    {
        long[] given = [.. chain.Select(place => place.Step)], sorted = [.. given.Order()];
        if (!given.AsSpan().SequenceEqual(sorted))
            warnings.Add($"replica {replica}: its files were given in another order than that of their numbers: the numbers order them");
        if (sorted.Length < 3)
            return;
        long[] distances = [.. sorted.Skip(1).Zip(sorted, (next, last) => next - last)];
        long stride = distances.Min();
        if (Array.TrueForAll(distances, distance => distance == stride))
            return;
        long[] missing = [.. sorted.Zip(distances).SelectMany(pair => Between(pair.First, pair.First + pair.Second, stride)).Take(Shown + 1)];
        string range = string.Create(CultureInfo.InvariantCulture, $"replica {replica}: its numbers go from {sorted[0]} to {sorted[^1]}");
        warnings.Add(Array.Exists(distances, distance => distance % stride != 0)
            ? $"{range} in unequal steps: autocorrelation times and errors assume equal ones"
            : $"{range} in steps of {stride.ToString(CultureInfo.InvariantCulture)}, and {string.Join(", ", missing.Take(Shown).Select(number => number.ToString(CultureInfo.InvariantCulture)))}{(missing.Length > Shown ? ", …" : "")} {(missing.Length == 1 ? "is" : "are")} missing");
    }

    private static IEnumerable<long> Between(long first, long end, long stride)
    {
        for (long number = first + stride; number < end; number += stride)
            yield return number;
    }
}
