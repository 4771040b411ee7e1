using LatticeFlow.Analysis;
using LatticeFlow.Storage;

namespace LatticeFlow.Cli.Services.Watching;

/// <summary>The columns of an ensemble that grows: what was read once is kept, so that a look costs the segments that are new.</summary>
internal sealed class WatchedSeries(string folder)
{
    private const int MostObservables = 12;
    private const int PartsOfHistory = 40;
    private const int FewestToAnalyse = 4;

    private readonly Dictionary<string, SortedDictionary<long, List<double>>> _columns = [];
    private List<ManifestEntry> _read = [];

    public WatchedValue? ExpMinusDeltaH { get; private set; }

    public IReadOnlyList<WatchedValue> Observables { get; private set; } = [];

    /// <summary>Reads what is new. A segment that cannot be read yet, or any more, is left for the next look.</summary>
    public void Update(IReadOnlyList<ManifestEntry> listed)
    {
        if (listed.Count < _read.Count || !_read.SequenceEqual(listed.Take(_read.Count)))
        {
            _read = [];
            _columns.Clear();
        }
        if (listed.Count == _read.Count) return;
        try
        {
            var reader = EnsembleReader.OpenToLook(folder);
            for (var index = _read.Count; index < Math.Min(listed.Count, reader.Segments.Count); index++)
            {
                Add(reader.ReadSegment(index, withField: false));
                _read.Add(reader.Segments[index]);
            }
        }
        catch (StorageException)
        {
            if (_read.Count == 0) return;
        }
        Observables = [.. _columns.Keys.Where(name => name != "delta_h").Take(MostObservables).Select(name => Value(name, value => value))];
        ExpMinusDeltaH = _columns.ContainsKey("delta_h") ? Value("delta_h", value => Math.Exp(-value)) with { Name = "<exp(-dH)>" } : null;
    }

    private void Add(EnsembleBlock block)
    {
        if (block.DeltaH is { } deltaH && deltaH.All(double.IsFinite)) Add("delta_h", block, deltaH, 1, 0);
        foreach (var (name, column) in block.Observables) Add(name, block, column.Values, column.Components, StoredSeries.Reported(name, column.Components));
    }

    private void Add(string name, EnsembleBlock block, double[] values, int components, int component)
    {
        if (!_columns.TryGetValue(name, out var chains)) _columns[name] = chains = [];
        for (var row = 0; row < block.Count; row++)
        {
            if (!chains.TryGetValue(block.Replica[row], out var chain)) chains[block.Replica[row]] = chain = [];
            chain.Add(values[(row * components) + component]);
        }
    }

    private WatchedValue Value(string name, Func<double, double> function)
    {
        double[][] chains = [.. _columns[name].Values.Select(chain => chain.Select(function).ToArray())];
        var count = chains.Sum(chain => (long)chain.Length);
        var history = History(chains);
        if (chains.Min(chain => chain.Length) < FewestToAnalyse || !chains.All(chain => chain.All(double.IsFinite)))
            return new(name, chains.SelectMany(chain => chain).Average(), double.NaN, double.NaN, double.NaN, history);
        var result = GammaMethod.Analyze(chains);
        return new(name, result.Mean, result.Error, result.TauInt, count / (2 * result.TauInt), history);
    }

    private static double[] History(double[][] chains)
    {
        var length = chains.Min(chain => chain.Length);
        var parts = Math.Min(PartsOfHistory, length);
        return [.. Enumerable.Range(0, parts).Select(part => chains.Average(chain =>
        {
            int first = (int)((long)part * length / parts), last = (int)((long)(part + 1) * length / parts);
            return chain.AsSpan(first, last - first).ToArray().Average();
        }))];
    }
}
