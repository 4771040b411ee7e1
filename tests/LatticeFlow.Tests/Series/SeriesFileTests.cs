using System.Globalization;
using System.IO.Compression;
using System.Text;
using System.Text.Json.Nodes;
using LatticeFlow.Analysis;
using LatticeFlow.Reports;
using LatticeFlow.Series;

namespace LatticeFlow.Tests;

public sealed class SeriesFileTests : IDisposable
{
    private readonly ScratchDirectory _scratch = new();

    public void Dispose() => _scratch.Dispose();

    [Theory]
    [InlineData("1 2\n3 4\n", "column_1 column_2")]
    [InlineData("# plaq poly\n1 2\n3 4\n", "plaq poly")]
    [InlineData("plaq,poly\n1,2\n3,4\n", "plaq poly")]
    [InlineData("\"plaq\"; \"poly\"\n1; 2\n3; 4\n", "plaq poly")]
    [InlineData("! made by\n% many words about it\n  1\t2 \n\n\t3\t4", "column_1 column_2")]
    [InlineData("# a b\n# made today by hand\n1.0D0 2.0d+0\n3 4e0\r\n", "column_1 column_2")]
    [InlineData("\uFEFFx y\n+1 2\n3 4\n", "x y")]
    public void Text_is_read_as_other_programs_write_it(string text, string names)
    {
        SeriesFile file = TextSeries.Read("f", new StringReader(text.TrimStart('\uFEFF')));
        Assert.Equal(names, string.Join(' ', file.Columns.Select(column => column.Name)));
        Assert.Equal([1, 3], file.Columns[0].Values);
        Assert.Equal([2, 4], file.Columns[1].Values);
    }

    [Theory]
    [InlineData("1 2\n3\n5 6\n", "f(2): has 1 columns and not 2")]
    [InlineData("1 2\n3 4 5\n6 7\n", "f(2): has more than 2 columns")]
    [InlineData("1 2\n3 x\n6 7\n", "f(2): 'x' is no number")]
    [InlineData("a b\nc d\n1 2\n", "f(2): 'c' is no number")]
    [InlineData("a b c\n1 2\n", "f(2): has 2 columns under 3 names")]
    [InlineData("1,2\n3,,4\n5,6\n", "f(2): '' is no number")]
    [InlineData("# nothing\n", "f: has no line of numbers")]
    [InlineData("PK\0\u0001\n", "f(1): is not text")]
    public void What_is_wrong_has_a_line(string text, string problem)
    {
        var exception = Assert.Throws<UserErrorException>(() => TextSeries.Read("f", new StringReader(text)));
        Assert.StartsWith(problem, exception.Report, StringComparison.Ordinal);
        Assert.Equal(ExitCode.CorruptData, exception.ExitCode);
    }

    [Fact]
    public void A_line_that_a_program_is_writing_is_left_out()
    {
        SeriesFile file = TextSeries.Read("f", new StringReader("1 2\n3 4\n5"));
        Assert.Equal(2, file.Rows);
        Assert.Contains("unfinished", Assert.Single(file.Remarks), StringComparison.Ordinal);
    }

    [Fact]
    public void Chains_and_numbers_are_found_by_their_names()
    {
        string path = _scratch.At("a.dat");
        File.WriteAllText(path, "# traj chain plaq\n10 1 0.5\n20 1 0.6\n10 2 0.7\n40 1 0.8\n20 2 0.9\n30 2 1.0\n");
        List<string> remarks = [];
        EnsembleSeries series = SeriesEnsemble.Read("a", [path], new(), remarks);
        Assert.Equal(2, remarks.Count);
        Assert.Equal([[0.5, 0.6, 0.8], [0.7, 0.9, 1.0]], series.Observables["plaq"]);
        Assert.Equal(10, series.Stride);
        Assert.Equal([[0L, 1, 3], [0, 1, 2]], series.ConfigurationNumbers!);

        EnsembleSeries plain = SeriesEnsemble.Read("a", [path], new() { Chain = "none", Number = "none" }, remarks);
        Assert.Equal(["traj", "chain", "plaq"], plain.Observables.Keys);
        Assert.Single(plain.Observables["plaq"]);
        EnsembleSeries chosen = SeriesEnsemble.Read("a", [path], new() { Columns = ["3"], Chain = "2", Number = "1" }, remarks);
        Assert.Equal(["plaq"], chosen.Observables.Keys);
        Assert.Contains("configuration number 10 follows 20", Assert.Throws<UserErrorException>(() => SeriesEnsemble.Read("a", [path], new() { Chain = "none", Number = "traj" }, remarks)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Files_are_replicas_and_have_the_same_columns()
    {
        string first = _scratch.At("r1.csv"), second = _scratch.At("r2.csv"), other = _scratch.At("other.csv");
        File.WriteAllText(first, "x,y\n1,2\n3,4\n");
        File.WriteAllText(second, "x,y\n5,6\n7,8\n9,10\n");
        File.WriteAllText(other, "x,z\n5,6\n");
        Assert.Equal([[1, 3], [5, 7, 9]], SeriesEnsemble.Read("r", [first, second], new(), []).Observables["x"]);
        Assert.Contains("has the columns x, z", Assert.Throws<UserErrorException>(() => SeriesEnsemble.Read("r", [first, other], new(), [])).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void The_analysis_of_a_file_is_that_of_its_series()
    {
        // The golden series of the error analysis, by way of a text file with gaps.
        var random = new Random(2);
        double x = 0;
        var values = new double[4000];
        for (int i = 0; i < values.Length; i++) values[i] = x = (0.8 * x) + UserQuantityTests.Normal(random);
        int[] kept = [.. Enumerable.Range(0, values.Length).Where(i => i % 7 != 3)];
        string path = _scratch.At("series.txt.gz");
        using (var writer = new StreamWriter(new GZipStream(File.Create(path), CompressionLevel.Fastest), new UTF8Encoding(false)))
        {
            writer.WriteLine("# conf x");
            foreach (int i in kept) writer.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{1000 + (5 * i)} {values[i]:R}"));
        }

        var (code, output, error) = CommandRun.Invoke("analyze", path, "--tau-exp", "0", "--json", "--derive", "y = <x^2> - <x>^2", "--output", _scratch.At("out"));
        Assert.True(code == ExitCode.Done, error);
        JsonNode result = JsonNode.Parse(output)!["ensembles"]!["series.txt"]!["observables"]!["x"]!;
        GammaResult expected = GammaMethod.Analyze([[.. kept.Select(i => values[i])]], new() { ConfigurationNumbers = [[.. kept.Select(i => (long)i)]] });
        Assert.Equal(expected.Mean, (double)result["mean"]!, 1e-12);
        Assert.Equal(expected.Error, (double)result["error"]!, 1e-12);
        Assert.Equal(expected.TauInt * 5, (double)result["tau_int_transitions"]!, 1e-9);
        Assert.True(File.Exists(_scratch.At("out", "report.html")));
        Assert.Equal(output, File.ReadAllText(_scratch.At("out", "analysis.json")));
    }

    /// <summary>V = 1, 2, 4 at r = 1, 2, 3 with errors that are equal: the least squares line is −2/3 + 3/2 r, by the short name of what runs derive.</summary>
    [Fact]
    public void Columns_may_have_the_names_of_what_runs_derive()
    {
        string path = _scratch.At("potential.txt");
        File.WriteAllText(path, "# static_potential_1x3 static_potential_2x3 static_potential_3x3\n" + string.Concat(Enumerable.Range(0, 64).Select(i => string.Create(CultureInfo.InvariantCulture, $"{1 + Sign(i, 1)} {2 + Sign(i, 2)} {4 + Sign(i, 4)}\n"))));
        var (code, output, error) = CommandRun.Invoke("analyze", path, "--s", "0", "--json", "--fit", "line: V(x,3) = v + s*x for x = 1..3 uncorrelated");
        Assert.True(code == ExitCode.Done, error);
        JsonNode found = JsonNode.Parse(output)!["ensembles"]!["potential"]!["observables"]!;
        Assert.Equal(-2 / 3.0, (double)found["line.v"]!["mean"]!, 1e-9);
        Assert.Equal(1.5, (double)found["line.s"]!["mean"]!, 1e-9);

        static double Sign(int i, int bit) => (i & bit) == 0 ? 0.1 : -0.1;
    }

    [Theory]
    [InlineData("1 2\nx 4\n3 5\n", new string[0], ExitCode.CorruptData, "(2): 'x' is no number")]
    [InlineData("1 2\n3 4\n", new[] { "--columns", "speed" }, ExitCode.BadUsage, "has no column 'speed'")]
    [InlineData("1 2\n3 4\n", new[] { "--separator", "dot" }, ExitCode.BadUsage, "must be comma, semicolon, tab or blank")]
    [InlineData("1 nan\n3 4\n", new string[0], ExitCode.CorruptData, "row 1 of column 'column_2' is no finite number")]
    [InlineData("1 2\n3 4\n", new[] { "--derive", "z = w" }, ExitCode.BadUsage, "'w' is not known; there is column_1, column_2")]
    public void What_cannot_be_analysed_says_why(string text, string[] options, int code, string problem)
    {
        string path = _scratch.At("bad.txt");
        File.WriteAllText(path, text);
        var result = CommandRun.Invoke(["analyze", path, .. options]);
        Assert.Equal(code, result.Code);
        Assert.Contains(problem, result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void Chains_that_disagree_fail()
    {
        string path = _scratch.At("two.txt");
        var random = new Random(4);
        File.WriteAllLines(path, Enumerable.Range(0, 2000).Select(i => string.Create(CultureInfo.InvariantCulture, $"{i % 2} {UserQuantityTests.Normal(random) + (5 * (i % 2)):R}")).Prepend("chain value"));
        var (code, _, error) = CommandRun.Invoke("analyze", path);
        Assert.Equal(ExitCode.DiagnosticsFailed, code);
        Assert.Contains("R-hat", error, StringComparison.Ordinal);
    }

    [Fact]
    public void Options_of_files_are_refused_with_runs()
    {
        var (code, _, error) = CommandRun.Invoke("analyze", _scratch.At(), "--columns", "1");
        Assert.Equal(ExitCode.BadUsage, code);
        Assert.Contains("--columns: belongs to files of series", error, StringComparison.Ordinal);
    }
}
