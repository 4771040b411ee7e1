using System.Text.RegularExpressions;
using LatticeFlow.Actions;
using LatticeFlow.Cli.Configuration;
using LatticeFlow.Costs;
using LatticeFlow.Fields;
using LatticeFlow.Groups;
using LatticeFlow.Lattice;
using LatticeFlow.Observables;
using LatticeFlow.Reports;
using LatticeFlow.Sampling;

namespace LatticeFlow.Tests;

/// <summary>Actions, samplers and observables have one list each: what configurations, commands and tables know of them is made of it.</summary>
public class RegistryTests
{
    public static TheoryData<string> Actions { get; } = new(ActionRegistry.All.Select(entry => entry.Name));

    public static TheoryData<string> Samplers { get; } = new(SamplerRegistry.All.Select(kind => kind.Name));

    [Theory]
    [MemberData(nameof(Actions))]
    public void A_registered_action_is_read_written_and_made(string name)
    {
        var entry = ActionRegistry.Named(name)!;
        foreach (var field in new FieldType[] { entry.Fields[0], entry.Fields[^1] }.Distinct())
        {
            var values = string.Join(", ", entry.Parameters.Select(parameter => $"{parameter.Name} = {TomlText.Number(parameter.Default ?? parameter.Example)}"));
            var theory = field is GaugeGroup ? $"group = \"{field.Name}\"" : $"field = \"{field.Name}\"";
            var configuration = Read($"{theory}\nextents = [4, 6]\naction = {{ kind = \"{name}\", {values} }}", "sampler = \"hmc\"");
            Assert.Equal(entry.Parameters.Select(parameter => (parameter.Name, parameter.Default ?? parameter.Example)), configuration.Theory.Action.Values);
            Assert.Equal(configuration, ConfigurationReader.Read(configuration.ToToml(), "resolved.toml"));
            var action = ActionRegistry.Create(new(4, 6), field, configuration.Theory.Action.Description);
            Assert.Equal(name, action.Name);
            Assert.Equal(entry.Parts, action.Parts.Count);
            Assert.Equal(configuration.Theory.Action.Parts, action.Parts.Count);

            // What may be left out is, and what may not be is asked for by name.
            var required = entry.Parameters.Where(parameter => parameter.Default is null).ToList();
            Assert.Equal(configuration.Theory.Action, Read($"{theory}\nextents = [4, 6]\naction = {{ kind = \"{name}\", {string.Join(", ", required.Select(parameter => $"{parameter.Name} = {TomlText.Number(parameter.Example)}"))} }}", "sampler = \"hmc\"").Theory.Action);
            var errors = Assert.Throws<ConfigurationException>(() => Read($"{theory}\nextents = [4, 6]\naction = {{ kind = \"{name}\" }}", "sampler = \"hmc\"")).Errors;
            Assert.Equal(required.Select(parameter => $"theory.action.{parameter.Name} is missing: give it, for example {parameter.Name} = {TomlText.Number(parameter.Example)}"), errors.Select(error => error.Message));
            Assert.All(entry.Parameters, parameter => Assert.Contains(parameter.Name, RunConfiguration.Schema["theory.action"]));
        }
    }

    [Theory]
    [MemberData(nameof(Samplers))]
    public void A_registered_sampler_is_read_written_and_made(string name)
    {
        var kind = SamplerRegistry.All.Single(known => known.Name == name);
        var needed = kind.Keys.Contains("parts") ? "\nparts = [ { sampler = \"heatbath\" }, { sampler = \"hmc\", repeat = 2 } ]" : "";
        needed += kind.Keys.Contains("strengths") ? "\nstrengths = [1.0, 0.9]" : "";
        needed += kind.Keys.Contains("defect_coefficients") ? "\ndefect_size = 2\ndefect_coefficients = [1.0, 0.0]" : "";
        // What samples nothing alone is read beside another.
        var theory = "group = \"U1\"\nextents = [4, 4]\naction = { kind = \"wilson\", beta = 1.0 }";
        string Sample(string more = "") => kind.NeedsOthers ? $"sampler = \"mixture\"\nparts = [ {{ sampler = \"{name}\"{(more == "" ? "" : ", " + more)} }}, {{ sampler = \"heatbath\" }} ]" : $"sampler = \"{name}\"{needed}\n{more}";
        var configuration = Read(theory, Sample(), flow: true);
        var transition = Assert.Single(configuration.Samples).Transition;
        if (kind.NeedsOthers)
        {
            var alone = Assert.Throws<ConfigurationException>(() => Read(theory, $"sampler = \"{name}\"")).Errors;
            Assert.Contains("samples nothing alone", Assert.Single(alone).Message);
            transition = ((MixtureSettings)transition).Parts[0].Transition;
        }

        Assert.Equal(kind, transition.Kind);
        Assert.Equal(configuration, ConfigurationReader.Read(configuration.ToToml(), "resolved.toml"));
        // Its own keys are all that it writes, and others are refused.
        var written = TomlBuilder.Table();
        transition.WriteTo(written);
        Assert.All(written.Entries.Select(entry => entry.Key), key => Assert.Contains(key, kind.Keys));
        foreach (var foreign in SamplerRegistry.Keys.Except(kind.Keys))
        {
            var errors = Assert.Throws<ConfigurationException>(() => Read(theory, Sample($"{foreign} = 1"), flow: true)).Errors;
            Assert.Equal($"sample.0{(kind.NeedsOthers ? ".parts.0" : "")}.{foreign} does not apply to the sampler \"{name}\"", Assert.Single(errors).Message);
        }

        if (transition.UsesFlow) return;
        var made = transition.Create(new(new WilsonAction(new LatticeGeometry(4, 4), 1), _ => throw new NotSupportedException(), () => throw new NotSupportedException()));
        Assert.IsAssignableFrom<ITransition>(made);
        Assert.Equal(made is ParallelTempering or BoundaryTempering ? 2 : 1, transition.ReplicasOfChain);

        // What it costs is counted, and its operations are stated.
        using var device = CpuDevices.Best();
        using var chain = MarkovChain.Create(device, new() { Action = new WilsonAction(new LatticeGeometry(4, 4), 1), Transition = made, Replicas = 2, Seed = 5 });
        chain.Advance();
        Assert.Contains(Work.Kinds, work => chain.Work[work] > 0);
        Assert.True(chain.Work.Flops > 0, $"{name}: {chain.Work.Flops} flop of a step");
    }

    [Fact]
    public void Parts_and_rungs_are_those_that_say_so()
    {
        Assert.Equal(["flow", "hmc", "flow-hmc", "mchmc", "heatbath", "winding", "instanton"], SamplerRegistry.Parts.Texts);
        Assert.Equal(["hmc", "mchmc", "heatbath", "winding", "instanton"], SamplerRegistry.PartsOfLadder.Texts);
        Assert.Equal(SamplerRegistry.All.Count, SamplerRegistry.All.Select(kind => kind.Name).Distinct().Count());
    }

    [Fact]
    public void Observables_have_their_symbols_defaults_and_shown_components_from_the_registry()
    {
        Assert.Equal("W_t(2×3)", ObservableRegistry.Symbol("wilson_loop_temporal_2x3"));
        Assert.Equal("E(t = 1.5)", ObservableRegistry.Symbol("flow_energy_1.5"));
        Assert.Equal("plaquette", ObservableRegistry.Symbol("plaquette"));
        Assert.Null(ObservableRegistry.Symbol("nothing"));
        Assert.Equal("W(1×2), spatial APE 3", ObservableLabel.Symbol("wilson_loop_1x2_spatial_ape3"));
        Assert.Equal((14, 0, 0), (ObservableRegistry.Reported("flow_energy_1.5", 15), ObservableRegistry.Reported("polyakov_re", 4), ObservableRegistry.Reported("nothing", 3)));
        Assert.Equal(["plaquette", "topological_charge", "topological_charge_squared"], ObservableRegistry.DefaultsFor(GaugeGroup.U1, 2));
        Assert.Equal(["plaquette"], ObservableRegistry.DefaultsFor(GaugeGroup.U1, 4));
        Assert.Equal(["plaquette"], ObservableRegistry.DefaultsFor(GaugeGroup.SU3, 4));
        Assert.Equal(["phi_squared", "magnetization_squared", "magnetization_abs", "two_point"], ObservableRegistry.DefaultsFor(FieldType.Scalar, 2));
    }

    /// <summary>S(2β)/S(β) of one configuration is 2 where an entry says that S = β s: that is what reweighting in β rests on.</summary>
    [Fact]
    public void Actions_that_say_so_are_linear_in_beta()
    {
        var lattice = new LatticeGeometry(4, 4);
        using var device = CpuDevices.Best();
        foreach (var entry in ActionRegistry.All.Where(entry => entry.IsLinearInBeta))
        {
            double Of(double beta)
            {
                using var chain = MarkovChain.Create(device, new()
                {
                    Action = ActionRegistry.Create(lattice, GaugeGroup.SU3, entry.Name, new Dictionary<string, double> { ["beta"] = beta }),
                    Transition = HamiltonianMonteCarlo.Fixed(new Omelyan2(), 1e-9, 1),
                    Replicas = 1,
                    Seed = 5,
                    Start = ChainStart.Hot,
                    Observables = [ObservableRegistry.Create("plaquette", lattice, GaugeGroup.SU3)],
                });
                var block = chain.NewBlock(1);
                chain.Fill(block);
                return block.Action[0];
            }

            Assert.Equal(2, Of(3) / Of(1.5), 1e-6);
        }

        Assert.Equal(["wilson", "rectangle"], ActionRegistry.All.Where(entry => entry.IsLinearInBeta).Select(entry => entry.Name));
    }

    /// <summary>The name of an action or of a sampler is a literal in its own file alone: whoever adds one changes no other.</summary>
    [Fact]
    public void There_is_no_second_list_of_names()
    {
        string folder = Repository.PathOf("src", "LatticeFlow.Cli");
        // init writes configurations for people, with samplers that it explains; a folder and a section are called flow, too.
        var files = Directory.EnumerateFiles(folder, "*.cs", SearchOption.AllDirectories).Where(file => !file.Contains($"{Path.DirectorySeparatorChar}obj{Path.DirectorySeparatorChar}", StringComparison.Ordinal) && Path.GetFileName(file) != "ConfigurationTemplate.cs")
            .ToDictionary(file => Path.GetFileName(file), File.ReadAllText);
        IEnumerable<string> With(string name) => files.Where(file => Regex.IsMatch(file.Value, $"(?<![\\\\=] ?){Regex.Escape($"\"{name}\"")}")).Select(file => file.Key).Order();
        foreach (var entry in ActionRegistry.All)
            Assert.True(!With(entry.Name).Any(), $"{entry.Name}: {string.Join(", ", With(entry.Name))}");
        foreach (var kind in SamplerRegistry.All.Where(kind => kind.Name != "flow"))
            Assert.True(With(kind.Name).Count() == 1, $"{kind.Name}: {string.Join(", ", With(kind.Name))}");
    }

    private static RunConfiguration Read(string theory, string sample, bool flow = false) => ConfigurationReader.Read(
        $"[run]\nname = \"x\"\n[theory]\n{theory}\n{(flow ? "[flow]\nlayers = [ { kind = \"plaquette-coupling\", count = 8 } ]\n[train]\nsteps = 1\n" : "")}[[sample]]\n{sample}\n", "c.toml");
}
