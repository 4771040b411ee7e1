using LatticeFlow.Expressions;

namespace LatticeFlow.Tests;

public class ExpressionTests
{
    private static readonly string[] Variables = ["x", "y", "z"];

    [Theory]
    [InlineData("1 + 2*3", 7)]
    [InlineData("-2^2", -4)]
    [InlineData("2^-1", 0.5)]
    [InlineData("2^3^2", 512)]
    [InlineData("2**3", 8)]
    [InlineData("(1 + 2)*3 - 4/8", 8.5)]
    [InlineData("6/3/2", 1)]
    [InlineData("1 - 2 - 3", -4)]
    [InlineData("1e3 + .5E-1", 1000.05)]
    [InlineData("−3·2", -6)]
    [InlineData("pow(2, 10) + sqrt(81) + cbrt(27)", 1036)]
    [InlineData("min(3, 1, 2) + max(3, 1, 2)*10", 31)]
    [InlineData("log(exp(2)) + log10(1000) + abs(-4)", 9)]
    [InlineData("atan2(1, 1)*4", Math.PI)]
    [InlineData("acosh(cosh(1.5)) + atanh(tanh(0.5)) + asinh(sinh(2))", 4)]
    [InlineData("project(-1, 0.1, 2)", 1)]
    [InlineData("project(0, 2, 4)", 2)]
    [InlineData("project(1, 0.3, 3)", 1)]
    public void A_formula_has_the_value_that_it_has_on_paper(string text, double value) => Assert.Equal(value, ExpressionParser.Parse(text).At([]).Value, 1e-12);

    [Theory]
    [InlineData("x*y/z - x^2*z")]
    [InlineData("-log(x*y/(z*x))")]
    [InlineData("exp(-x*y) + sqrt(x + z) + cbrt(y)")]
    [InlineData("x^y + pow(z, x) + 2^z")]
    [InlineData("sin(x)*cos(y) + tan(z) + atan(x/y)")]
    [InlineData("asin(x/2) + acos(y/3) + atan2(x, z)")]
    [InlineData("sinh(x) + cosh(y)*tanh(z)")]
    [InlineData("asinh(x) + acosh(1 + y) + atanh(z/3)")]
    [InlineData("max(x, y)*min(y, z) + abs(x - 2) + log10(z)")]
    [InlineData("x/(x - y/(z + 1/x))")]
    [InlineData("project(x, y, 3)*z")]
    public void Derivatives_are_those_of_differences(string text)
    {
        var formula = ExpressionParser.Parse(text).Rewrite(part => part is Symbol symbol ? new Variable(Array.IndexOf(Variables, symbol.Name), symbol.Position) : null);
        double[] point = [0.7, 1.3, 0.9];
        double[] slope = formula.At(Dual.Point(point)).Slope!;
        for (int i = 0; i < point.Length; i++)
        {
            const double Step = 1e-4;
            double At(double moved) => formula.At(Dual.Constants([.. point.Select((x, k) => k == i ? x + moved : x)])).Value;
            // Fourth order: the error is Step⁴ times a fifth derivative.
            double expected = ((8 * (At(Step) - At(-Step))) - At(2 * Step) + At(-2 * Step)) / (12 * Step);
            Assert.Equal(expected, slope[i], 1e-8 * (1 + Math.Abs(expected)));
        }
    }

    [Theory]
    [InlineData("1 +", 3, "an operand is missing at the end")]
    [InlineData("2*)", 2, "an operand is missing before ')'")]
    [InlineData("(1 + 2", 0, "'(' is not closed")]
    [InlineData("1 2", 2, "an operator is missing before '2'")]
    [InlineData("a[1", 1, "'[' is not closed")]
    [InlineData("<a + 1", 0, "'<' is not closed")]
    [InlineData("1 + $", 4, "'$' has no meaning here")]
    [InlineData("f(1,)", 4, "an operand is missing before ')'")]
    [InlineData("1e999", 0, "the number is too large")]
    [InlineData("'name", 0, "the quotation mark is not closed")]
    [InlineData("1)", 1, "')' closes nothing")]
    [InlineData("", 0, "an operand is missing at the end")]
    public void What_cannot_be_read_is_named_with_its_place(string text, int position, string problem)
    {
        var exception = Assert.Throws<ExpressionException>(() => ExpressionParser.Parse(text));
        Assert.Equal((position, problem), (exception.Position, exception.Problem));
        Assert.Contains($"character {position + 1}", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Texts_without_end_are_refused_and_end_nothing()
    {
        Assert.Throws<ExpressionException>(() => ExpressionParser.Parse(new string('(', 9000)));
        Assert.Throws<ExpressionException>(() => ExpressionParser.Parse(new string('-', 9000)));
        Assert.Throws<ExpressionException>(() => ExpressionParser.Parse(string.Concat(Enumerable.Repeat("2^", 4000)) + "1"));
        Assert.Throws<ExpressionException>(() => ExpressionParser.Parse(string.Concat(Enumerable.Repeat("exp(", 2400))));
        Assert.Throws<ExpressionException>(() => ExpressionParser.Parse(new string('1', 20_000)));
    }

    [Fact]
    public void Any_text_is_a_formula_or_an_error_with_a_place()
    {
        const string Characters = "ab1.2+-*/^()[]<>,'_ eE×π=";
        var random = new Random(5);
        int read = 0;
        for (int i = 0; i < 20_000; i++)
        {
            string text = new([.. Enumerable.Range(0, random.Next(12)).Select(_ => Characters[random.Next(Characters.Length)])]);
            try
            {
                ExpressionParser.Parse(text);
                read++;
            }
            catch (ExpressionException exception)
            {
                Assert.InRange(exception.Position, 0, text.Length);
            }
        }

        Assert.True(read > 100);
    }

    [Theory]
    [InlineData("no formula", "name = formula")]
    [InlineData("= 1", "the name is missing")]
    [InlineData("2x = 1", "'2x' is no name")]
    [InlineData("a-b = 1", "'a-b' is no name")]
    [InlineData("exp = 1", "'exp' is a function")]
    public void A_definition_has_a_name(string text, string problem) => Assert.Contains(problem, Assert.Throws<ExpressionException>(() => Derivation.Parse(text)).Problem, StringComparison.Ordinal);
}
