namespace LatticeFlow.Cli.Configuration;

/// <summary>One point of a sweep.</summary>
/// <param name="Number">From 0.</param>
/// <param name="Label">Name of its directory.</param>
/// <param name="Values">By key, as written in a configuration.</param>
public sealed record SweepPoint(int Number, string Label, IReadOnlyList<(string Path, string Value)> Values)
{
    /// <summary>All combinations of the values of the axes, the last axis running fastest.</summary>
    /// <exception cref="UserErrorException">A key stands there twice, two points have one name, or there are too many.</exception>
    public static IReadOnlyList<SweepPoint> Of(IReadOnlyList<SweepAxis> axes)
    {
        if (axes.Select(axis => axis.Path).Distinct().Count() < axes.Count) throw new UserErrorException("a key is swept twice") { Key = "--sweep" };
        var count = axes.Aggregate(1L, (product, axis) => Math.Min(product * axis.Values.Count, int.MaxValue));
        if (count > SweepAxis.MostPoints) throw new UserErrorException($"a sweep has at most {SweepAxis.MostPoints} points") { Key = "--sweep" };
        IEnumerable<(string Label, (string, string)[] Values)> points = [("", [])];
        foreach (var axis in axes)
            points = [.. points.SelectMany(point => axis.Values.Select(value => ($"{point.Label}{(point.Label.Length > 0 ? "_" : "")}{axis.Label(value)}", ((string, string)[])[.. point.Values, (axis.Path, value)])))];
        SweepPoint[] all = [.. points.Select((point, number) => new SweepPoint(number, point.Label, point.Values))];
        return all.Select(point => point.Label).Distinct().Count() == all.Length ? all : throw new UserErrorException("two values have the same name") { Key = "--sweep", Remedy = "sweep them one by one, each with a --run-dir of its own" };
    }
}
