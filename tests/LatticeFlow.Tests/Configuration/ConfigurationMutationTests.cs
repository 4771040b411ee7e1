using System.Globalization;
using System.Text;
using LatticeFlow.Cli.Commands;
using LatticeFlow.Cli.Configuration;
using LatticeFlow.Cli.Services;
using LatticeFlow.Reports;

namespace LatticeFlow.Tests;

/// <summary>
/// Configurations changed at random, from a fixed seed: each is read or refused, with words and exit code 2, and never with a stack, a hang or a control sequence. What is accepted reads back from its own
/// text, and its exact results exist or do not, within the guard. <c>LATTICEFLOW_FUZZ_MUTANTS</c> multiplies their number.
/// </summary>
[Trait("Category", Fuzzing.Category)]
public sealed class ConfigurationMutationTests : IDisposable
{
    private const int Mutants = 400;
    private const string Factor = "LATTICEFLOW_FUZZ_MUTANTS";

    // A guard against a hang on a loaded machine.
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(60);

    private static readonly string[] Values =
    [
        "0", "-1", "1", "2", "3", "1e14", "1e308", "-1e308", "1e-320", "nan", "inf", "-inf", "-0.0", "9223372036854775807", "-9223372036854775808", "99999999999999999999", "2147483647", "2147483648",
        "0x7fffffff", "1_0", "0.1", "1e9", "6.0", "true", "\"\"", "\"x\"", "\"\\u001b[2J\"", "[]", "{}", "[[1]]", "[1, \"a\"]", "1979-05-27", "\"SU8\"", "\"SU3\"", "\"scalar\"", "[1, 1]", "[4, 4, 4, 4]", "\"hmc\"", "\"flow\"",
    ];

    private readonly string _directory = Directory.CreateTempSubdirectory("latticeflow-").FullName;

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    [Fact]
    public async Task No_mutant_of_a_configuration_is_a_defect()
    {
        string[] seeds = [CommandRun.Small, .. Directory.GetFiles(Repository.PathOf("configs"), "*.toml").Order(StringComparer.Ordinal).Select(File.ReadAllText)];
        var factor = int.TryParse(Environment.GetEnvironmentVariable(Factor), NumberStyles.None, CultureInfo.InvariantCulture, out var given) ? Math.Max(1, given) : 1;
        var random = new Random(20_240_607);
        var accepted = 0;
        for (var mutant = 0; mutant < Mutants * factor; mutant++)
        {
            var bytes = Encoding.UTF8.GetBytes(seeds[random.Next(seeds.Length)]);
            for (var changes = random.Next(1, 4); changes > 0; changes--) bytes = Mutate(bytes, random);
            var file = Path.Join(_directory, "mutant.toml");
            File.WriteAllBytes(file, bytes);
            string kept = $"mutant {mutant}:\n{Encoding.UTF8.GetString(bytes)}";
            var work = Task.Run(() => Check(file));
            Assert.True(await Task.WhenAny(work, Task.Delay(Longest)) == work, $"no end after {Longest.TotalSeconds:0} s: {kept}");
            var (code, output, error) = await work;
            Assert.True(code is ExitCode.Done or ExitCode.BadUsage, $"exit code {code}, {error}: {kept}");
            Assert.True(code == ExitCode.Done || error.Length > 0, kept);
            Assert.True((output + error).All(character => !char.IsControl(character) || character is '\n' or '\t'), kept);
            if (code == ExitCode.Done) accepted++;
        }
        // Both sides are tried: a mutation that always breaks the syntax would test nothing else.
        Assert.InRange(accepted, Mutants * factor / 20, Mutants * factor * 19 / 20);
    }

    private static (int Code, string Output, string Error) Check(string file)
    {
        using var output = new StringWriter();
        using var error = new StringWriter();
        var code = CommandLine.Invoke(["validate", file], new CommandServices(), output, error);
        if (code == ExitCode.Done)
        {
            var configuration = ConfigurationFile.Load(file).Configuration;
            Assert.Equal(configuration, ConfigurationReader.Read(configuration.ToToml(), "again"));
            if (configuration.Flow is not null) _ = configuration.NewFlow();
            if (configuration.Theory.Sites <= 1 << 20)
            {
                var exact = new ExactResults(AnalysisStage.Theory(configuration));
                foreach (var name in configuration.Analyze.Observables) Assert.False(exact.Value(name) is double.NaN, $"{name} is not a number");
                Assert.False(exact.LogPartitionFunction is double.NaN);
            }
        }
        return (code, output.ToString(), error.ToString());
    }

    private static byte[] Mutate(byte[] bytes, Random random)
    {
        var text = Encoding.Latin1.GetString(bytes);
        var lines = text.Split('\n').ToList();
        var line = random.Next(lines.Count);
        switch (random.Next(9))
        {
            case 0 or 1 or 2:
                var settings = Enumerable.Range(0, lines.Count).Where(i => lines[i].Contains('=', StringComparison.Ordinal)).ToArray();
                if (settings.Length == 0) break;
                line = settings[random.Next(settings.Length)];
                lines[line] = $"{lines[line][..lines[line].IndexOf('=', StringComparison.Ordinal)]}= {Values[random.Next(Values.Length)]}";
                break;
            case 3:
                // One number within a line.
                var digits = Enumerable.Range(0, lines[line].Length).Where(i => char.IsAsciiDigit(lines[line][i])).ToArray();
                if (digits.Length == 0) break;
                int from = digits[random.Next(digits.Length)], to = from;
                while (to < lines[line].Length && (char.IsAsciiDigit(lines[line][to]) || lines[line][to] == '.')) to++;
                lines[line] = lines[line][..from] + Values[random.Next(Values.Length)] + lines[line][to..];
                break;
            case 4:
                lines.Insert(random.Next(lines.Count), lines[line]);
                break;
            case 5:
                lines.RemoveAt(line);
                break;
            case 6:
                (lines[line], lines[0]) = (lines[0], lines[line]);
                break;
            case 7:
                var cut = Encoding.Latin1.GetBytes(text);
                if (cut.Length > 0) cut[random.Next(cut.Length)] = (byte)random.Next(256);
                return cut;
            default:
                var at = random.Next(text.Length + 1);
                return Encoding.Latin1.GetBytes(random.Next(2) == 0 ? text[..at] : text.Insert(at, ((char)random.Next(128)).ToString()));
        }
        return Encoding.Latin1.GetBytes(string.Join('\n', lines));
    }
}
