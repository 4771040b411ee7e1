using System.Text.Json;
using LatticeFlow.Exact;

namespace LatticeFlow.Tests;

/// <summary>Every entry of Data/exact_2d.json, made by an independent program.</summary>
public class ExactTableTests
{
    // Both sides are double-precision sums; ten digits leave room for the table's own rounding.
    private const double Tolerance = 1e-10;

    // The table's chi_top carries a quadrature error of up to 8.4e-6; TwoDimensionalU1Tests holds the exact values.
    private const double TableSusceptibility = 1e-5;

    public static TheoryData<string, double, int, int> Entries()
    {
        var data = new TheoryData<string, double, int, int>();
        foreach (JsonElement entry in Table())
            data.Add(entry.GetProperty("group").GetString()!, entry.GetProperty("beta").GetDouble(), entry.GetProperty("extents")[0].GetInt32(), entry.GetProperty("extents")[1].GetInt32());
        return data;
    }

    [Theory]
    [MemberData(nameof(Entries))]
    public void Agrees_with_the_table(string group, double beta, int extent0, int extent1)
    {
        JsonElement entry = Table().Single(x => x.GetProperty("group").GetString() == group && x.GetProperty("beta").GetDouble() == beta
            && x.GetProperty("extents")[0].GetInt32() == extent0 && x.GetProperty("extents")[1].GetInt32() == extent1);
        (double logZ, double plaquette) = group switch
        {
            "U1" => (new TwoDimensionalU1(beta, extent0, extent1).LogPartitionFunction, new TwoDimensionalU1(beta, extent0, extent1).Plaquette),
            "SU2" => SumOver(2, beta, extent0, extent1),
            "SU3" => SumOver(3, beta, extent0, extent1),
            _ => throw new InvalidOperationException(group),
        };
        Close(entry.GetProperty("lnZ").GetDouble(), logZ);
        Close(entry.GetProperty("plaquette").GetDouble(), plaquette);
        if (group == "U1")
            Close(entry.GetProperty("chi_top").GetDouble(), new TwoDimensionalU1(beta, extent0, extent1).TopologicalSusceptibility, TableSusceptibility);
    }

    private static (double LogZ, double Plaquette) SumOver(int colors, double beta, int extent0, int extent1)
    {
        var exact = new TwoDimensionalSUN(colors, beta, extent0, extent1);
        return (exact.LogPartitionFunction, exact.Plaquette);
    }

    private static void Close(double expected, double actual, double tolerance = Tolerance) =>
        Assert.True(Math.Abs(actual - expected) <= tolerance * Math.Abs(expected), $"expected {expected:R}, got {actual:R}");

    private static JsonElement[] Table()
    {
        string path = Path.Combine(AppContext.BaseDirectory, "Data", "exact_2d.json");
        return [.. JsonDocument.Parse(File.ReadAllText(path)).RootElement.GetProperty("results").EnumerateArray()];
    }
}
