namespace LatticeFlow.Series;

/// <summary>Columns of numbers as a file of any program has them, all of one length.</summary>
/// <param name="Path">The file.</param>
/// <param name="Columns">In the order of the file.</param>
public sealed record SeriesFile(string Path, IReadOnlyList<SeriesColumn> Columns)
{
    /// <summary>Things that a reader has to say, a sentence each.</summary>
    public IReadOnlyList<string> Remarks { get; init; } = [];

    /// <summary>Numbers of a column.</summary>
    public int Rows => Columns.Count == 0 ? 0 : Columns[0].Values.Length;

    /// <summary>The column of a name or a number counted from 1; names come first.</summary>
    /// <exception cref="UserErrorException">There is none.</exception>
    public SeriesColumn Column(string name)
    {
        if (Columns.FirstOrDefault(column => column.Name == name) is { } named) return named;
        if (int.TryParse(name, System.Globalization.NumberStyles.None, System.Globalization.CultureInfo.InvariantCulture, out int number) && number >= 1 && number <= Columns.Count) return Columns[number - 1];
        throw new UserErrorException($"has no column '{PrintableText.Short(name)}'") { File = Path, Remedy = $"choose among {string.Join(", ", Columns.Take(40).Select(column => column.Name))}{(Columns.Count > 40 ? ", …" : "")}, or a number from 1 to {Columns.Count}" };
    }
}

/// <summary>A column.</summary>
/// <param name="Name">From the header; without one <c>column_1</c> and so on.</param>
/// <param name="Values">What it holds; numbers that are not finite too.</param>
public sealed record SeriesColumn(string Name, double[] Values)
{
    /// <summary>The dataset of several columns that it is one of, and which; null of a column that stands alone.</summary>
    public (string Name, int Component)? PartOf { get; init; }

    /// <summary>The first row, from 0, without a finite number; −1 where there is none.</summary>
    public int FirstNotFinite => Array.FindIndex(Values, value => !double.IsFinite(value));
}
