using System.Text.RegularExpressions;
using CsCheck;
using LatticeFlow.Actions;
using LatticeFlow.Cli.Configuration;
using LatticeFlow.Flows;
using LatticeFlow.Training;

namespace LatticeFlow.Tests;

public partial class ConfigurationTests
{
    private const string Rich = """
        [run]
        name = "rich"
        seed = 9223372036854775807
        precision = "double"
        device = "opencl:1"
        threads = 3
        [theory]
        group = "U1"
        extents = [8, 12]
        action = { kind = "wilson", beta = 0.1 }
        [flow]
        layers = [
            { kind = "plaquette-coupling", count = 3, components = 5, hidden = [], kernel = 1, activation = "silu" },
            { kind = "plaquette-coupling", transform = "spline", bins = 7, activation = "tanh" },
        ]
        checkpoint = "a \"quoted\" \\ é𝄞\tpath"
        [train]
        steps = 10
        learning_rate = 1.2345678901234567e-5
        estimator = "plain"
        schedule = { kind = "step", every = 3, factor = 0.3 }
        warmup = 2
        gradient_clip = 1
        adam = { beta1 = 0.8 }
        strength_start = 0
        strength_steps = 4
        [[sample]]
        sampler = "hmc"
        integrator = "leapfrog"
        acceptance = 0.65
        [[sample]]
        sampler = "mixture"
        name = "both"
        parts = [ { sampler = "flow" }, { sampler = "hmc", repeat = 2, steps = 8 }, { sampler = "heatbath", overrelaxation = 3 } ]
        configurations = 10
        [[sample]]
        sampler = "flow-hmc"
        integrator = "force_gradient4"
        trajectory_length = 1.5
        acceptance = 0.9
        [analyze]
        observables = ["polyakov_abs", "wilson_loop_3x12"]
        flow_samples = 100000
        """;

    private const string Improved = """
        [run]
        name = "improved"
        [theory]
        group = "SU3"
        extents = [4, 6, 6, 6]
        action = { kind = "sum", terms = [ { beta = -0.5, anisotropy = 2 }, { kind = "rectangle", beta = 2.6, c1 = "iwasaki" }, { kind = "rectangle", beta = 1, c1 = -0.25 } ] }
        [[sample]]
        sampler = "hmc"
        acceptance = 0.9
        inner_scales = [ { parts = [0, 2], integrator = "force_gradient4", steps = 3 } ]
        [[sample]]
        sampler = "tempering"
        parts = [ { sampler = "heatbath" }, { sampler = "hmc", repeat = 2, steps = 8 } ]
        strengths = [1, 0.9]
        replicas = 200
        """;

    private static RunConfiguration Read(string text, params string[] sets)
        => ConfigurationReader.Read(text, "f.toml", [.. sets.Select(Override.Parse)]);

    public static TheoryData<string> Shipped => [.. Directory.EnumerateFiles(Repository.PathOf("configs"), "*.toml").Select(path => Path.GetFileName(path)!)];

    [Theory]
    [MemberData(nameof(Shipped))]
    public void Shipped_configurations_are_valid_and_resolve_to_themselves(string name)
    {
        var configuration = ConfigurationFile.Load(Repository.PathOf("configs", name)).Configuration;
        Assert.Equal(Path.GetFileNameWithoutExtension(name), configuration.Run.Name);
        Assert.Equal(configuration, Read(configuration.ToToml()));
    }

    [Fact]
    public void The_quick_start_compares_three_samplers()
    {
        var configuration = ConfigurationFile.Load(Repository.PathOf("configs", "quickstart.toml")).Configuration;
        Assert.Equal([8, 8], configuration.Theory.Extents);
        Assert.Equal(2, configuration.Theory.Action.Beta);
        Assert.Equal(["flow", "hmc", "heatbath"], configuration.Samples.Select(sample => sample.Name));
        Assert.Equal([16, 16], ConfigurationFile.Load(Repository.PathOf("configs", "u1_L16_beta7.toml")).Configuration.Theory.Extents);
    }

    [Fact]
    public void What_is_resolved_reads_back_as_the_same_record_and_the_same_text()
    {
        var configuration = Read(Rich);
        var text = configuration.ToToml();
        var again = Read(text);
        Assert.Equal(configuration, again);
        Assert.Equal(text, again.ToToml());
        Assert.NotEqual(configuration, Read(Rich, "sample.both.parts.1.steps=9"));
    }

    [Fact]
    public void Every_value_arrives_where_it_belongs()
    {
        var configuration = Read(Rich.Replace("\n", "\r\n", StringComparison.Ordinal));
        Assert.Equal(long.MaxValue, configuration.Run.Seed);
        Assert.Equal("a \"quoted\" \\ é𝄞\tpath", configuration.Flow!.Checkpoint);
        var (first, second) = (configuration.Flow.Layers[0].Arguments, configuration.Flow.Layers[1].Arguments);
        Assert.Equal(("mobius", 5, false), (first["transform"], first["components"], first.ContainsKey("bins")));
        Assert.Equal(("spline", 7, false), (second["transform"], second["bins"], second.ContainsKey("components")));
        Assert.Equal(new AdamSettings(0.8, 0.999, 1e-8), configuration.Train!.Adam);
        Assert.Equal(1.2345678901234567e-5, configuration.Train.LearningRate);
        Assert.Equal(new ScheduleSettings(ScheduleKind.Step, Every: 3, Factor: 0.3), configuration.Train.Schedule);
        Assert.Equal(new HmcSettings(IntegratorKind.Leapfrog, 1, null, 0.65) { LengthSpread = 0.2 }, configuration.Samples[0].Transition);
        var mixture = Assert.IsType<MixtureSettings>(configuration.Samples[1].Transition);
        Assert.Equal([new(new FlowTransitionSettings(), 1), new(new HmcSettings(IntegratorKind.Omelyan2, 1, 8, null) { LengthSpread = 0.2 }, 2), new(new HeatbathSettings(3), 1)], mixture.Parts);
        Assert.Equal(10, configuration.Samples[1].Replicas);
        Assert.Equal("flow-hmc", configuration.Samples[2].Name);
        Assert.Equal(new HmcSettings(IntegratorKind.ForceGradient4, 1.5, null, 0.9) { LengthSpread = 0.2, Dynamics = TrajectoryKind.InFlow }, configuration.Samples[2].Transition);
    }

    [Fact]
    public void Actions_ladders_and_time_scales_read_back_as_they_were()
    {
        var configuration = Read(Improved);
        Assert.Equal(configuration, Read(configuration.ToToml()));
        var sum = configuration.Theory.Action;
        Assert.Equal([ActionSettings.With(WilsonAction.Entry, ("beta", -0.5), ("anisotropy", 2)), ActionSettings.With(RectangleAction.Entry, ("beta", 2.6), ("c1", RectangleAction.Iwasaki)), ActionSettings.With(RectangleAction.Entry, ("beta", 1), ("c1", -0.25))], sum.Terms);
        Assert.Contains("c1 = \"iwasaki\"", configuration.ToToml(), StringComparison.Ordinal);
        var hmc = Assert.IsType<HmcSettings>(configuration.Samples[0].Transition);
        Assert.Equal([new([0, 2], IntegratorKind.ForceGradient4, 3)], hmc.InnerScales);
        Assert.Equal([1, 0.9], Assert.IsType<TemperingSettings>(configuration.Samples[1].Transition).Strengths);
        // 4·6³·4 links of 2·3² numbers: what fits into 64 MiB, but no less than the lattices of a ladder, here two rungs of 200 replicas.
        Assert.Equal(134, configuration.Samples[0].Segment);
        Assert.Equal(400, configuration.Samples[1].Segment);
        Assert.Equal(ActionSettings.With(RectangleAction.Entry, ("beta", 1)), Read(Rich.Replace("\"wilson\", beta = 0.1", "\"rectangle\", beta = 1", StringComparison.Ordinal)
            .Split("[flow]")[0] + "[[sample]]\nsampler = \"hmc\"").Theory.Action);
    }

    [Fact]
    public void The_manual_describes_layers_as_their_registry_does()
    {
        string manual = File.ReadAllText(Path.Join(Repository.Root, "docs", "configuration.md")), wanted = FlowRegistry.Manual();
        if (manual.Contains(wanted, StringComparison.Ordinal)) return;
        string printed = Path.Join(AppContext.BaseDirectory, "layers.md");
        File.WriteAllText(printed, wanted);
        string[] lines = manual.Split('\n');
        string missing = wanted.Split('\n').FirstOrDefault(line => !lines.Contains(line)) ?? "(only the order differs)";
        Assert.Fail($"docs/configuration.md lacks the line '{missing}': put the contents of {printed} between the first '#### `kind = …`' and '## `[train]`'.");
    }

    [Fact]
    public void Annealing_starts_at_strength_start_and_ends_at_the_theory()
    {
        var train = Read(Rich).Train!;
        var options = new TrainingOptions { Seed = 1, LearningRate = new(1), StrengthStart = train.StrengthStart, StrengthSteps = train.StrengthSteps };
        Assert.Equal([0, 0.25, 0.5, 1, 1], new[] { 0, 1, 2, 4, 9 }.Select(step => options.StrengthAt(step)));
    }

    [Fact]
    public void Configurations_are_dealt_out_to_replicas_without_a_rest()
        => Gen.Select(Gen.Int[1, 200], Gen.Int[1, 50]).Where((total, replicas) => replicas <= total).Sample((total, replicas) =>
        {
            var sample = Read(Rich, $"sample.both.configurations={total}", $"sample.both.replicas={replicas}").Samples[1];
            var each = Enumerable.Range(0, replicas).Select(sample.ConfigurationsOf).ToArray();
            return each.Sum() == total && each.Max() - each.Min() <= 1;
        }, iter: 50);

    [Theory]
    [InlineData("run.device=cuda", "device = \"cuda\"")]
    [InlineData("run.device=\"cpu\"", "device = \"cpu\"")]
    [InlineData("theory.extents=[16,16]", "extents = [16, 16]")]
    [InlineData("theory.extents.0=16", "extents = [16, 12]")]
    [InlineData("theory.action.beta=5", "beta = 5.0")]
    [InlineData("flow.layers.1.count=24", "count = 24")]
    [InlineData("sample.0.acceptance=0.7", "acceptance = 0.7")]
    [InlineData("sample.hmc.steps=5", "steps = 5")]
    [InlineData("sample.both.parts.2.overrelaxation=11", "overrelaxation = 11")]
    [InlineData("flow.checkpoint=", "checkpoint = \"\"")]
    public void Overrides_take_the_place_of_the_file(string set, string expected)
    {
        Assert.DoesNotContain(expected, Read(Rich).ToToml(), StringComparison.Ordinal);
        Assert.Contains(expected, Read(Rich, set).ToToml(), StringComparison.Ordinal);
    }

    [Fact]
    public void Fixed_steps_from_the_command_line_displace_the_acceptance_of_the_file()
        => Assert.Equal(new HmcSettings(IntegratorKind.Leapfrog, 1, 5, null) { LengthSpread = 0.2 }, Read(Rich, "sample.hmc.steps=5").Samples[0].Transition);

    [Fact]
    public void The_last_of_two_overrides_counts() => Assert.Equal(2, Read(Rich, "run.seed=1", "run.seed=2").Run.Seed);

    [Fact]
    public void Strings_and_numbers_survive_being_written()
    {
        Gen.String.Where(text => !text.Any(char.IsSurrogate)).Sample(text
            => (TomlTreeReader.ReadValue(TomlText.Quote(text), new("test"), new()) as TomlScalar)?.Value as string == text);
        Gen.Double.Where(double.IsFinite).Sample(value
            => (TomlTreeReader.ReadValue(TomlText.Number(value), new("test"), new()) as TomlScalar)?.Value is double read && read.Equals(value));
    }

    [Theory]
    [InlineData("kitten", "sitting", 3)]
    [InlineData("", "abc", 3)]
    [InlineData("hcm", "hmc", 1)]
    [InlineData("same", "same", 0)]
    public void Edit_distances(string from, string to, int expected)
    {
        Assert.Equal(expected, Suggestion.Distance(from, to));
        Assert.Equal(expected, Suggestion.Distance(to, from));
    }

    [Fact]
    public void The_manual_lists_every_key_in_its_section_and_its_example_is_valid()
    {
        var manual = File.ReadAllText(Repository.PathOf("docs", "configuration.md"));
        foreach (var (section, keys) in RunConfiguration.Schema.Where(section => section.Key != "flow.layers"))
        {
            var heading = Heading().Matches(manual).Single(match => match.Groups[1].Value.Trim('[', ']') == section);
            var end = manual.IndexOf("\n#", heading.Index + 1, StringComparison.Ordinal);
            var body = manual[heading.Index..end];
            Assert.All(keys, key => Assert.Contains($"`{key}`", body, StringComparison.Ordinal));
        }
        Assert.Equal("example", Read(Example().Match(manual).Groups[1].Value).Run.Name);
    }

    [GeneratedRegex("^##+ `([^`]+)`$", RegexOptions.Multiline)]
    private static partial Regex Heading();

    [GeneratedRegex("```toml\n(.*?)```", RegexOptions.Singleline)]
    private static partial Regex Example();
}
