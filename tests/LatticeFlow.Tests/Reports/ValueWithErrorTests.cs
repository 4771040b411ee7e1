using LatticeFlow.Reports;

namespace LatticeFlow.Tests;

public class ValueWithErrorTests
{
    // The first four are the Particle Data Group's own examples of its rule: 0.827 ± 0.119 -> 0.83(12), 0.827 ± 0.367 -> 0.8(4); 354 and 355, 949 and 950 are its borders.
    [Theory]
    [InlineData(0.827, 0.119, "0.83(12)")]
    [InlineData(0.827, 0.367, "0.8(4)")]
    [InlineData(14.674, 0.964, "14.7(1.0)")]
    [InlineData(0.827, 0.354, "0.83(35)")]
    [InlineData(0.827, 0.355, "0.8(4)")]
    [InlineData(0.69778, 0.00012, "0.69778(12)")]
    [InlineData(0.697775, 0.000949, "0.6978(9)")]
    [InlineData(0.697775, 0.000950, "0.6978(10)")]
    [InlineData(0.697775, 0.0009996, "0.6978(10)")]
    [InlineData(-12.345, 1.2, "-12.3(1.2)")]
    [InlineData(1234, 56, "1230(60)")]
    [InlineData(1234, 12, "1234(12)")]
    [InlineData(98765, 2345, "98800(2300)")]
    [InlineData(-0.001, 0.1, "0.00(10)")]
    [InlineData(0, 0.02, "0.000(20)")]
    [InlineData(1.2342e-7, 1.2e-9, "1.234(12)e-7")]
    [InlineData(4.2e9, 3.1e8, "4.20(31)e9")]
    [InlineData(0.5, 0, "0.5(0)")]
    [InlineData(0.5, double.NaN, "0.5(?)")]
    [InlineData(double.NaN, 0.1, "–")]
    public void The_error_counts_in_the_last_digits_shown(double value, double error, string expected) =>
        Assert.Equal(expected, ValueWithError.Format(value, error));
}
