namespace LatticeFlow.Storage;

/// <summary>
/// The columns of an ensemble, wherever they are: those that were measured while it was drawn, in its segments, and those that were measured on its stored configurations afterwards, in
/// <see cref="MeasurementSet"/>s. Everything that analyses, shows or exports series asks here. Where configurations are stored at some rows only, what was measured on them is in <see cref="OfConfigurations"/>.
/// </summary>
public sealed class EnsembleColumns
{
    private readonly Dictionary<string, MeasurementSet> sets = [];
    private readonly OrderedDictionary<string, int[]> shapes = [];
    private readonly List<MeasurementSet> ofSomeRows = [];

    // The rows of each segment that are taken; null: all.
    private readonly int[][]? picks;
    private long[]? replicas;
    private int[][]? rows;
    private EnsembleColumns? ofConfigurations;

    private EnsembleColumns(EnsembleReader segments, IReadOnlyList<MeasurementSet> measured, int[][]? picks)
    {
        Segments = segments;
        Sets = measured;
        this.picks = picks;
        Count = picks?.Sum(chosen => (long)chosen.Length) ?? segments.Count;
        foreach (var (name, column) in segments.ReadSegment(0, withField: false).Observables)
            shapes[name] = column.Shape;
        foreach (var set in measured)
            Add(set);
    }

    /// <summary>The segments, as they were listed when this was opened.</summary>
    public EnsembleReader Segments { get; }

    /// <summary>Rows.</summary>
    public long Count { get; }

    /// <summary>The measured sets, complete or not.</summary>
    public IReadOnlyList<MeasurementSet> Sets { get; }

    /// <summary>Names and shapes of the observables of all rows: first those of the segments.</summary>
    public IReadOnlyDictionary<string, int[]> Observables => shapes;

    /// <summary>Names of observables that were measured afterwards.</summary>
    public IReadOnlyCollection<string> Measured => sets.Keys;

    /// <summary>Observables that were measured on some segments only, as of an ensemble that has grown since, and on how many configurations.</summary>
    public Dictionary<string, long> Incomplete { get; } = [];

    /// <summary>The rows that have their configuration, with what was measured on it; null where all have, or nothing was measured on some.</summary>
    public EnsembleColumns? OfConfigurations => ofSomeRows.Count == 0 ? null
        : ofConfigurations ??= new(Segments, [.. ofSomeRows], [.. Segments.Segments.Select((segment, index) => Picks(index, ofSomeRows[0].Read(segment)))]);

    /// <summary>Numbers of the replicas, in increasing order: the first index of a column.</summary>
    public IReadOnlyList<long> Replicas
    {
        get
        {
            Sort();
            return replicas!;
        }
    }

    /// <summary>The columns of a folder with at least one segment.</summary>
    public static EnsembleColumns Open(string folder) => new(EnsembleReader.Open(folder), MeasurementSet.All(folder), null);

    /// <summary>Numbers a configuration of an observable.</summary>
    public int Components(string observable) => shapes[observable].Aggregate(1, (product, extent) => product * extent);

    /// <summary>
    /// One column, <c>[replica][row]</c>, each replica in the order of its steps: <c>action</c>, <c>accepted</c>, <c>log_q</c>, <c>log_weight</c>, <c>reverse_work</c>, <c>delta_h</c>, or an observable's name, of which
    /// <paramref name="component"/> is taken when it has a shape.
    /// </summary>
    public double[][] Read(string name, int component = 0) => ReadAll(name, [component])[0];

    /// <summary>All components of an observable, <c>[component][replica][row]</c>.</summary>
    public double[][][] ReadComponents(string observable) => ReadAll(observable, [.. Enumerable.Range(0, Components(observable))]);

    /// <summary>The values of an observable that was measured afterwards, for the rows of one segment.</summary>
    public ObservableColumn ReadMeasured(int segment, string observable) => sets[observable].ReadColumn(Segments.Segments[segment], observable);

    /// <summary>The steps of each replica, in increasing order.</summary>
    public long[][] Steps()
    {
        Sort();
        var steps = new long[Count];
        long first = 0;
        for (int index = 0; index < Segments.Segments.Count; index++)
        {
            var (_, step) = Places(index);
            step.CopyTo(steps, first);
            first += step.Length;
        }

        return [.. rows!.Select(chain => Array.ConvertAll(chain, row => steps[row]))];
    }

    private void Add(MeasurementSet set)
    {
        if (!set.IsComplete(Segments.Segments))
        {
            foreach (string name in set.Observables.Where(name => !shapes.ContainsKey(name)))
                Incomplete[name] = set.Measured(Segments.Segments);
            return;
        }

        if (Segments.Segments.Where((segment, index) => set.Of(segment)!.Count != (picks?[index].Length ?? segment.Count)).Any())
        {
            ofSomeRows.Add(set);
            return;
        }

        foreach (string name in set.Observables.Where(name => !shapes.ContainsKey(name)))
        {
            Incomplete.Remove(name);
            shapes[name] = set.ReadColumn(Segments.Segments.First(segment => set.Of(segment)!.Count > 0), name).Shape;
            sets[name] = set;
        }
    }

    /// <summary>Where the rows that were measured are in a segment.</summary>
    private int[] Picks(int index, MeasuredBlock measured)
    {
        var (replica, step) = Segments.ReadPlaces(index);
        var places = new Dictionary<(long, long), int>();
        for (int row = 0; row < replica.Length; row++)
            places[(replica[row], step[row])] = row;
        return [.. measured.Replica.Select((number, i) => places.TryGetValue((number, measured.Step[i]), out int row) ? row
            : throw new StorageException(ofSomeRows[0].Folder, $"has values of replica {number}, step {measured.Step[i]}, which {Segments.Segments[index].File} does not have", "Remove it and run latticeflow measure again"))];
    }

    private (long[] Replica, long[] Step) Places(int index)
    {
        var (replica, step) = Segments.ReadPlaces(index);
        return picks is null ? (replica, step) : (Array.ConvertAll(picks[index], row => replica[row]), Array.ConvertAll(picks[index], row => step[row]));
    }

    private double[][][] ReadAll(string name, int[] components)
    {
        Sort();
        var values = new double[components.Length][];
        for (int i = 0; i < components.Length; i++)
            values[i] = new double[Count];
        long first = 0;
        for (int index = 0; index < Segments.Segments.Count; index++)
        {
            bool isMeasured = sets.TryGetValue(name, out var set);
            int count = picks?[index].Length ?? Segments.Segments[index].Count;
            if (count == 0)
                continue;
            var column = isMeasured ? set!.ReadColumn(Segments.Segments[index], name) : Segments.ReadColumnOf(index, name);
            if (components.Any(component => component < 0 || component >= column.Components))
                throw new ArgumentOutOfRangeException(nameof(components), $"column '{name}' has {column.Components} components");
            for (int i = 0; i < components.Length; i++)
            {
                for (int row = 0; row < count; row++)
                    values[i][first + row] = column.Values[((isMeasured || picks is null ? row : picks[index][row]) * column.Components) + components[i]];
            }

            first += count;
        }

        return [.. values.Select(column => rows!.Select(chain => Array.ConvertAll(chain, row => column[row])).ToArray())];
    }

    /// <summary>Which rows belong to which replica, in the order of its steps; rows of one step keep the order in which they were stored.</summary>
    private void Sort()
    {
        if (rows is not null)
            return;
        var chains = new SortedDictionary<long, List<(long Step, int Row)>>();
        int next = 0;
        for (int index = 0; index < Segments.Segments.Count; index++)
        {
            var (replica, step) = Places(index);
            for (int row = 0; row < replica.Length; row++, next++)
            {
                if (!chains.TryGetValue(replica[row], out var chain))
                    chains[replica[row]] = chain = [];
                chain.Add((step[row], next));
            }
        }

        replicas = [.. chains.Keys];
        rows = [.. chains.Values.Select(chain => chain.OrderBy(entry => entry.Step).Select(entry => entry.Row).ToArray())];
    }
}
