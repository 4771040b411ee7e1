namespace LatticeFlow.Storage;

/// <summary>
/// The columns of an ensemble, wherever they are: those that were measured while it was drawn, in its segments, and those that were measured on its stored configurations afterwards, in
/// <see cref="MeasurementSet"/>s. Everything that analyses, shows or exports series asks here.
/// </summary>
public sealed class EnsembleColumns
{
    private readonly Dictionary<string, MeasurementSet> sets = [];
    private readonly OrderedDictionary<string, int[]> shapes = [];
    private long[]? replicas;
    private int[][]? rows;

    private EnsembleColumns(EnsembleReader segments)
    {
        Segments = segments;
        foreach (var (name, column) in segments.ReadSegment(0, withField: false).Observables)
            shapes[name] = column.Shape;
        Sets = MeasurementSet.All(segments.Folder);
        foreach (var set in Sets)
        {
            foreach (string name in set.Observables.Where(name => !shapes.ContainsKey(name)))
            {
                if (!set.IsComplete(segments.Segments))
                {
                    Incomplete[name] = set.Measured(segments.Segments);
                    continue;
                }

                Incomplete.Remove(name);
                shapes[name] = set.ReadColumn(segments.Segments[0], name).Shape;
                sets[name] = set;
            }
        }
    }

    /// <summary>The segments, as they were listed when this was opened.</summary>
    public EnsembleReader Segments { get; }

    /// <summary>Configurations.</summary>
    public long Count => Segments.Count;

    /// <summary>The measured sets, complete or not.</summary>
    public IReadOnlyList<MeasurementSet> Sets { get; }

    /// <summary>Names and shapes of the observables of all configurations: first those of the segments.</summary>
    public IReadOnlyDictionary<string, int[]> Observables => shapes;

    /// <summary>Names of observables that were measured afterwards.</summary>
    public IReadOnlyCollection<string> Measured => sets.Keys;

    /// <summary>Observables that were measured on some configurations only, as of an ensemble that has grown since, and on how many.</summary>
    public Dictionary<string, long> Incomplete { get; } = [];

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
    public static EnsembleColumns Open(string folder) => new(EnsembleReader.Open(folder));

    /// <summary>Numbers a configuration of an observable.</summary>
    public int Components(string observable) => shapes[observable].Aggregate(1, (product, extent) => product * extent);

    /// <summary>
    /// One column, <c>[replica][configuration]</c>, each replica in the order of its steps: <c>action</c>, <c>accepted</c>, <c>log_q</c>, <c>log_weight</c>, <c>delta_h</c>, or an observable's name, of which
    /// <paramref name="component"/> is taken when it has a shape.
    /// </summary>
    public double[][] Read(string name, int component = 0) => ReadAll(name, [component])[0];

    /// <summary>All components of an observable, <c>[component][replica][configuration]</c>.</summary>
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
            var (_, step) = Segments.ReadPlaces(index);
            step.CopyTo(steps, first);
            first += step.Length;
        }

        return [.. rows!.Select(chain => Array.ConvertAll(chain, row => steps[row]))];
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
            var column = sets.TryGetValue(name, out var set) ? set.ReadColumn(Segments.Segments[index], name) : Segments.ReadColumnOf(index, name);
            if (components.Any(component => component < 0 || component >= column.Components))
                throw new ArgumentOutOfRangeException(nameof(components), $"column '{name}' has {column.Components} components");
            int count = Segments.Segments[index].Count;
            for (int i = 0; i < components.Length; i++)
            {
                for (int row = 0; row < count; row++)
                    values[i][first + row] = column.Values[(row * column.Components) + components[i]];
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
            var (replica, step) = Segments.ReadPlaces(index);
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
