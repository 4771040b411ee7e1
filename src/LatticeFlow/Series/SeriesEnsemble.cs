using System.Globalization;
using LatticeFlow.Reports;
using LatticeFlow.Storage;

namespace LatticeFlow.Series;

/// <summary>Files of one ensemble as chains in Monte Carlo order. Each file is one or more replicas; all have the same columns.</summary>
public static class SeriesEnsemble
{
    /// <summary>Reads files; what was found out by itself is said in <paramref name="remarks"/>.</summary>
    /// <exception cref="UserErrorException">They do not fit together, or hold something else.</exception>
    /// <exception cref="StorageException">A file cannot be read.</exception>
    public static EnsembleSeries Read(string name, IReadOnlyList<string> paths, SeriesChoice choice, List<string> remarks)
    {
        ArgumentNullException.ThrowIfNull(paths);
        ArgumentNullException.ThrowIfNull(choice);
        SeriesFile[] files = [.. paths.Select(path => Hdf5Columns.Recognises(path) ? Hdf5Columns.Read(path, [.. choice.Columns, .. Named(choice.Chain), .. Named(choice.Number)]) : TextSeries.Read(path, choice.Separator))];
        foreach (SeriesFile file in files)
        {
            remarks.AddRange(file.Remarks);
            if (!file.Columns.Select(column => column.Name).SequenceEqual(files[0].Columns.Select(column => column.Name)))
                throw new UserErrorException($"has the columns {Listed(file)}, {files[0].Path} has {Listed(files[0])}") { File = file.Path, Remedy = "give files of one ensemble, or analyse them one by one" };
        }

        string? chain = Find(files, choice.Chain, SeriesChoice.ChainNames, IsChain, "tells chains apart", remarks);
        string? number = Find(files, choice.Number, SeriesChoice.NumberNames, file => IsNumbering(file, chain), "numbers the configurations", remarks);
        List<string> observables = [.. Observables(files, choice, chain, number, remarks)];
        if (observables.Count == 0) throw new UserErrorException("has no column of finite numbers beside those that tell chains and configurations") { File = paths[0], Remedy = "choose columns with --columns" };
        (SeriesFile File, int[] Rows)[] chains = [.. files.SelectMany(file => Chains(file, chain).Select(rows => (file, rows)))];
        long stride = 1;
        IReadOnlyList<long>[]? numbers = number is null ? null : Numbers(chains, number, ref stride);
        Dictionary<string, IReadOnlyList<double[]>> series = observables.ToDictionary(column => column, column => (IReadOnlyList<double[]>)[.. chains.Select(part => Taken(part.File.Columns.First(entry => entry.Name == column).Values, part.Rows))]);
        return new()
        {
            Sampler = name,
            Observables = series,
            Vectors = Vectors(files[0], series),
            ConfigurationNumbers = numbers,
            Stride = (int)Math.Min(stride, int.MaxValue),
        };
    }

    private static IEnumerable<string> Named(string? column) => column is null or SeriesChoice.None ? [] : [column];

    private static string Listed(SeriesFile file) => string.Join(", ", file.Columns.Take(12).Select(column => column.Name)) + (file.Columns.Count > 12 ? ", …" : "");

    private static string? Find(SeriesFile[] files, string? chosen, IReadOnlyList<string> usual, Func<SeriesFile, Func<double[], bool>> fits, string role, List<string> remarks)
    {
        if (chosen == SeriesChoice.None) return null;
        if (chosen is not null)
        {
            string name = files[0].Column(chosen).Name;
            foreach (SeriesFile file in files)
            {
                double[] values = file.Column(name).Values;
                int bad = Array.FindIndex(values, value => value != Math.Round(value) || Math.Abs(value) > 1L << 52);
                if (bad >= 0) throw new UserErrorException($"row {bad + 1} of column '{name}', which {role}, is {values[bad].ToString(CultureInfo.InvariantCulture)} and no whole number", ExitCode.CorruptData) { File = file.Path };
            }

            return name;
        }

        if (files[0].Columns.Select(column => column.Name).FirstOrDefault(name => usual.Contains(name.ToLowerInvariant())) is not { } found) return null;
        if (files.All(file => fits(file)(file.Column(found).Values)))
        {
            remarks.Add($"{files[0].Path}: column '{found}' {role}");
            return found;
        }

        return null;
    }

    private static Func<double[], bool> IsChain(SeriesFile file) => values => values.All(value => value == Math.Round(value) && Math.Abs(value) < 1 << 30) && values.Distinct().Count() <= Math.Max(1, values.Length / 2);

    private static Func<double[], bool> IsNumbering(SeriesFile file, string? chain) => values => values.All(value => value == Math.Round(value) && Math.Abs(value) < 1L << 52)
        && Chains(file, chain).All(rows => Enumerable.Range(1, rows.Length - 1).All(i => values[rows[i]] > values[rows[i - 1]]));

    private static IEnumerable<string> Observables(SeriesFile[] files, SeriesChoice choice, string? chain, string? number, List<string> remarks)
    {
        if (choice.Columns.Count > 0)
        {
            foreach (string name in choice.Columns.SelectMany(wanted => Chosen(files[0], wanted)).Distinct())
            {
                foreach (SeriesFile file in files)
                {
                    int bad = file.Column(name).FirstNotFinite;
                    if (bad >= 0) throw new UserErrorException($"row {bad + 1} of column '{name}' is no finite number", ExitCode.CorruptData) { File = file.Path };
                }

                yield return name;
            }

            yield break;
        }

        foreach (string name in files[0].Columns.Select(column => column.Name).Where(name => name != chain && name != number))
        {
            // A column without numbers is one that was not measured; a single one is a mistake.
            int[] bad = [.. files.Select(file => file.Column(name).FirstNotFinite)];
            if (bad.All(row => row < 0)) yield return name;
            else if (files.All(file => file.Column(name).Values.All(value => !double.IsFinite(value)))) remarks.Add($"{files[0].Path}: column '{name}' holds no number and is left out");
            else throw new UserErrorException($"row {bad.First(row => row >= 0) + 1} of column '{name}' is no finite number", ExitCode.CorruptData) { File = files[Array.FindIndex(bad, row => row >= 0)].Path, Remedy = "mend it, or choose other columns with --columns" };
        }
    }

    private static IEnumerable<string> Chosen(SeriesFile file, string wanted)
    {
        string[] parts = [.. file.Columns.Where(column => column.PartOf?.Name == wanted).Select(column => column.Name)];
        return parts.Length > 0 ? parts : [file.Column(wanted).Name];
    }

    private static IEnumerable<int[]> Chains(SeriesFile file, string? chain)
    {
        if (chain is null) return [[.. Enumerable.Range(0, file.Rows)]];
        double[] ids = file.Column(chain).Values;
        return Enumerable.Range(0, file.Rows).GroupBy(row => ids[row]).OrderBy(group => group.Key).Select(group => group.ToArray());
    }

    private static IReadOnlyList<long>[]? Numbers((SeriesFile File, int[] Rows)[] chains, string number, ref long stride)
    {
        long divisor = 0;
        var numbers = new long[chains.Length][];
        for (int r = 0; r < chains.Length; r++)
        {
            (SeriesFile file, int[] rows) = chains[r];
            double[] values = file.Column(number).Values;
            numbers[r] = [.. rows.Select(row => (long)values[row])];
            for (int i = 1; i < rows.Length; i++)
            {
                if (numbers[r][i] <= numbers[r][i - 1])
                    throw new UserErrorException($"row {rows[i] + 1}: configuration number {numbers[r][i]} follows {numbers[r][i - 1]}", ExitCode.CorruptData) { File = file.Path, Remedy = "another chain begins there? Name the column that tells them apart with --chain-column, or give a file a chain; --number-column none takes the rows as they are" };
                divisor = (long)System.Numerics.BigInteger.GreatestCommonDivisor(divisor, numbers[r][i] - numbers[r][i - 1]);
            }
        }

        stride = Math.Max(divisor, 1);
        long step = stride;
        // Without gaps the rows are the chain.
        return numbers.All(list => list[^1] - list[0] == (list.Length - 1) * step) ? null : [.. numbers.Select(list => (IReadOnlyList<long>)[.. list.Select(value => (value - list[0]) / step)])];
    }

    private static double[] Taken(double[] values, int[] rows) => rows.Length == values.Length && rows[0] == 0 && rows[^1] == rows.Length - 1 ? values : [.. rows.Select(row => values[row])];

    private static Dictionary<string, IReadOnlyList<IReadOnlyList<double[]>>> Vectors(SeriesFile file, Dictionary<string, IReadOnlyList<double[]>> series) => file.Columns
        .Where(column => column.PartOf is not null).GroupBy(column => column.PartOf!.Value.Name)
        .Where(group => group.All(column => series.ContainsKey(column.Name)))
        .ToDictionary(group => group.Key, group => (IReadOnlyList<IReadOnlyList<double[]>>)[.. group.OrderBy(column => column.PartOf!.Value.Component).Select(column => series[column.Name])]);
}
