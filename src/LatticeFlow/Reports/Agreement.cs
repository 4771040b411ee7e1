using LatticeFlow.Analysis;

namespace LatticeFlow.Reports;

/// <summary>Whether independent ensembles of one theory agree.</summary>
public static class Agreement
{
    /// <summary>A pair that differs by more is no chance: once in 1.7 million.</summary>
    public const double LargestPull = 5;

    /// <summary>One entry for each observable that two or more of the ensembles of a theory have with an error; <paramref name="theory"/> tells of a run which theory it is of.</summary>
    public static IReadOnlyList<AgreementDocument> Of(IReadOnlyList<ComparedValue> values, Func<string, string> theory)
    {
        ArgumentNullException.ThrowIfNull(values);
        return [.. values.Where(value => value.Error > 0 && double.IsFinite(value.Error)).GroupBy(value => (value.Observable, Theory: theory(value.Run))).Where(group => group.Count() > 1).Select(group => Of(group.Key.Observable, [.. group]))];
    }

    private static AgreementDocument Of(string observable, ComparedValue[] values)
    {
        double weight = values.Sum(value => 1 / (value.Error * value.Error)), mean = values.Sum(value => value.Mean / (value.Error * value.Error)) / weight;
        double chiSquared = values.Sum(value => Math.Pow((value.Mean - mean) / value.Error, 2));
        var (first, second, pull) = (values[0], values[1], 0.0);
        for (int i = 0; i < values.Length; i++)
        {
            for (int j = 0; j < i; j++)
            {
                double difference = (values[j].Mean - values[i].Mean) / Math.Sqrt((values[i].Error * values[i].Error) + (values[j].Error * values[j].Error));
                if (Math.Abs(difference) >= Math.Abs(pull)) (first, second, pull) = (values[j], values[i], difference);
            }
        }

        return new(observable, values.Length, chiSquared, values.Length - 1, SpecialFunctions.UpperRegularizedGamma((values.Length - 1) / 2.0, chiSquared / 2), Name(first), Name(second), pull);
    }

    private static string Name(ComparedValue value) => $"{value.Run}, {value.Sampler}";
}
