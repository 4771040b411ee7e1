using LatticeFlow.Storage;

namespace LatticeFlow.Interchange;

/// <summary>One column of series, <c>[component][replica][configuration]</c>.</summary>
/// <param name="Name">As in segments.</param>
/// <param name="Shape">Empty for one number a configuration.</param>
/// <param name="Values">The numbers.</param>
public sealed record SeriesColumn(string Name, IReadOnlyList<int> Shape, IReadOnlyList<IReadOnlyList<double[]>> Values)
{
    /// <summary>The name of one component in formats that have plain columns only: <c>polyakov_re[0]</c>.</summary>
    public string ComponentName(int component)
    {
        if (Shape.Count == 0) return Name;
        var indices = new int[Shape.Count];
        for (int axis = Shape.Count - 1; axis >= 0; axis--)
        {
            indices[axis] = component % Shape[axis];
            component /= Shape[axis];
        }

        return $"{Name}[{string.Join(",", indices)}]";
    }
}

/// <summary>The series of an ensemble as other programs take them: replicas, the numbers of their configurations, observables, and what the chain says of itself. Replicas may differ in length.</summary>
public sealed record SeriesData
{
    private static readonly string[] ChainColumns = ["accepted", "action", "delta_h", "log_q", "log_weight", "reverse_work"];

    /// <summary>Of the sample.</summary>
    public required string Name { get; init; }

    /// <summary>What the segments say about themselves.</summary>
    public required EnsembleHeader Header { get; init; }

    /// <summary>Numbers of the replicas, in increasing order.</summary>
    public required IReadOnlyList<long> Replicas { get; init; }

    /// <summary>Numbers of the configurations of each replica, in increasing order.</summary>
    public required IReadOnlyList<long[]> Steps { get; init; }

    /// <summary>The observables.</summary>
    public required IReadOnlyList<SeriesColumn> Observables { get; init; }

    /// <summary><c>accepted</c>, <c>action</c> and, where the sampler has them, <c>delta_h</c>, <c>log_q</c>, <c>log_weight</c>, <c>reverse_work</c>.</summary>
    public required IReadOnlyList<SeriesColumn> Chain { get; init; }

    /// <summary>Those of the columns of an ensemble, of observables that are chosen or of all.</summary>
    /// <exception cref="UserErrorException">An observable is not there.</exception>
    public static SeriesData Of(string name, EnsembleColumns columns, IReadOnlyList<string> observables)
    {
        Require(observables, [.. columns.Observables.Keys], columns.Segments.Folder);
        var block = columns.Segments.ReadSegment(0, withField: false);
        return new()
        {
            Name = name,
            Header = columns.Segments.Header,
            Replicas = columns.Replicas,
            Steps = columns.Steps(),
            Observables = [.. columns.Observables.Where(entry => observables.Count == 0 || observables.Contains(entry.Key)).Select(entry => new SeriesColumn(entry.Key, entry.Value, columns.ReadComponents(entry.Key)))],
            Chain = [.. ChainColumns.Where(column => Has(block, column)).Select(column => new SeriesColumn(column, [], [columns.Read(column)]))],
        };
    }

    /// <summary>Those of an ensemble in one piece, as of an exported file.</summary>
    /// <exception cref="UserErrorException">An observable is not there.</exception>
    public static SeriesData Of(string name, string path, EnsembleHeader header, EnsembleBlock block, IReadOnlyList<string> observables)
    {
        Require(observables, [.. block.Observables.Keys], path);
        int[][] rows = [.. Enumerable.Range(0, block.Count).GroupBy(row => block.Replica[row]).OrderBy(group => group.Key).Select(group => group.OrderBy(row => block.Step[row]).ToArray())];
        return new()
        {
            Name = name,
            Header = header,
            Replicas = [.. rows.Select(chain => block.Replica[chain[0]])],
            Steps = [.. rows.Select(chain => Array.ConvertAll(chain, row => block.Step[row]))],
            Observables = [.. block.Observables.Where(entry => observables.Count == 0 || observables.Contains(entry.Key)).Select(entry => Column(entry.Key, entry.Value))],
            Chain = [.. ChainColumns.Where(column => Has(block, column)).Select(column => Column(column, new(Values(block, column), [])))],
        };

        SeriesColumn Column(string column, ObservableColumn values) => new(
            column, values.Shape, [.. Enumerable.Range(0, values.Components).Select(component => rows.Select(chain => Array.ConvertAll(chain, row => values.Values[(row * values.Components) + component])).ToArray())]);
    }

    private static bool Has(EnsembleBlock block, string column) => column switch
    {
        "delta_h" => block.DeltaH is not null,
        "log_q" => block.LogQ is not null,
        "log_weight" => block.LogWeight is not null,
        "reverse_work" => block.ReverseWork is not null,
        _ => true,
    };

    private static double[] Values(EnsembleBlock block, string column) => column switch
    {
        "accepted" => Array.ConvertAll(block.Accepted, flag => (double)flag),
        "delta_h" => block.DeltaH!,
        "log_q" => block.LogQ!,
        "log_weight" => block.LogWeight!,
        "reverse_work" => block.ReverseWork!,
        _ => block.Action,
    };

    private static void Require(IReadOnlyList<string> observables, string[] present, string file)
    {
        if (observables.FirstOrDefault(name => !present.Contains(name)) is { } missing)
            throw new UserErrorException($"there is no observable \"{missing}\"") { File = file, Key = "--observables", Remedy = $"choose among {string.Join(", ", present)}; latticeflow measure adds others" };
    }
}
