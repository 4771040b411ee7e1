using LatticeFlow.Analysis;

namespace LatticeFlow.Tests;

/// <summary>Numbers printed by UWerr.m V6 and pyerrors 2.17 on <see cref="GoldenSeries"/>.</summary>
public class GoldenGammaTests
{
    // Ten digits of numbers that the reference programs printed with fifteen.
    private const double Tolerance = 1e-10;

    private static void Close(double expected, double actual) =>
        Assert.True(Math.Abs(actual - expected) <= Tolerance * Math.Abs(expected), $"expected {expected:R}, got {actual:R}");

    private static void Check(GammaResult result, double value, double error, double errorOfError, double tau, double tauError, int? window)
    {
        Close(value, result.Mean);
        Close(error, result.Error);
        Close(errorOfError, result.ErrorOfError);
        Close(tau, result.TauInt);
        Close(tauError, result.TauIntError);
        if (window is not null)
            Assert.Equal(window, result.Window);
    }

    private static GammaOptions Pyerrors(double s) => new() { S = s, Convention = GammaConvention.Pyerrors };

    [Fact]
    public void The_series_is_the_one_the_reference_programs_saw()
    {
        double[] first = GoldenSeries.Chain(1);
        Assert.Equal([2.8274624513911086, 4.4065494651333585, 5.108587824439251], first[..3]);
        Assert.Equal(4.158081273474862, GoldenSeries.Chain(4)[^1]);
    }

    [Fact]
    public void Pyerrors_one_chain_S_2() =>
        Check(GammaMethod.Analyze([GoldenSeries.Chain(1)], Pyerrors(2)),
            0.707223057755219, 0.202192424988713, 0.0301598994043858, 7.48971351864861, 1.96016837924694, 44);

    [Fact]
    public void Pyerrors_one_chain_S_1_5() =>
        Check(GammaMethod.Analyze([GoldenSeries.Chain(1)], Pyerrors(1.5)),
            0.707223057755219, 0.210870798030091, 0.0288746732000492, 8.14644870907056, 1.91285154645107, 37);

    [Fact]
    public void Pyerrors_one_chain_with_tail() =>
        Check(GammaMethod.Analyze([GoldenSeries.Chain(1)], Pyerrors(2) with { TauExp = 10 }),
            0.707223057755219, 0.218850246022815, 0.0232125739540615, 8.77464434495176, 1.58815252455655, 22);

    [Fact]
    public void Pyerrors_four_replicas_S_2() =>
        Check(GammaMethod.Analyze(GoldenSeries.FourChains(), Pyerrors(2)),
            0.998845422429147, 0.109211659429668, 0.0100317314836988, 9.14922151976813, 1.53900241892105, 67);

    [Fact]
    public void Pyerrors_four_replicas_S_1_5() =>
        Check(GammaMethod.Analyze(GoldenSeries.FourChains(), Pyerrors(1.5)),
            0.998845422429147, 0.110223832552247, 0.00909764037269119, 9.31959727896902, 1.38398031831745, 54);

    [Fact]
    public void Pyerrors_stride_two()
    {
        double[] chain = GoldenSeries.Chain(1);
        long[] numbers = [.. Enumerable.Range(0, 1000).Select(i => 2L * i + 1)];
        GammaResult result = GammaMethod.Analyze([[.. numbers.Select(n => chain[n - 1])]], Pyerrors(2) with { ConfigurationNumbers = [numbers] });
        Check(result, 0.689738826130104, 0.200332985611924, 0.0300499478417886, 3.72264726410513, 0.981345543395146, 22);
        Assert.Equal(2, result.Stride);
    }

    [Fact]
    public void Pyerrors_every_seventh_configuration_missing()
    {
        double[] chain = GoldenSeries.Chain(1);
        long[] numbers = [.. Enumerable.Range(1, 2000).Where(n => n % 7 != 0).Select(n => (long)n)];
        GammaResult result = GammaMethod.Analyze([[.. numbers.Select(n => chain[n - 1])]], Pyerrors(2) with { ConfigurationNumbers = [numbers] });
        Check(result, 0.72845033939142, 0.222601975208411, 0.0354520685119911, 7.75370936741368, 2.1429980795289, 43);
        Assert.Equal(1, result.Stride);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Pyerrors_derived_quantity(bool gradientGiven)
    {
        double[] chain = GoldenSeries.Chain(1);
        double[] squares = [.. chain.Select(x => x * x)];
        Func<double[], double[]> gradient = m => [2 * m[0] / m[1], -m[0] * m[0] / (m[1] * m[1])];
        GammaResult result = GammaMethod.AnalyzeDerived([[chain], [squares]], m => m[0] * m[0] / m[1], gradientGiven ? gradient : null, Pyerrors(2));
        Close(0.0839790162514291, result.Mean);
        Close(0.0439086861500545, result.Error);
        Close(7.41712855540894, result.TauInt);
        Assert.Equal(44, result.Window);
    }

    [Fact]
    public void UWerr_one_chain_S_1_5() =>
        Check(GammaMethod.Analyze([GoldenSeries.Chain(1)]),
            0.707223057755218, 0.210870798030091, 0.0288746732000492, 8.08699113953766, 1.96142493474381, null);

    [Fact]
    public void UWerr_one_chain_S_2() =>
        Check(GammaMethod.Analyze([GoldenSeries.Chain(1)], new GammaOptions { S = 2 }),
            0.707223057755218, 0.202192424988714, 0.0301598994043858, 7.44008169518534, 2.02555915493185, null);

    [Fact]
    public void UWerr_four_replicas()
    {
        GammaResult result = GammaMethod.Analyze(GoldenSeries.FourChains());
        Check(result, 0.998845422429148, 0.113594533048289, 0.00954633479092184, 9.77453754486267, 1.49402555302541, null);
        Close(0.242519237687054, result.Q!.Value);
    }
}
