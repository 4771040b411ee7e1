using LatticeFlow.Cli.Configuration;
using LatticeFlow.Flows;

namespace LatticeFlow.Tests;

/// <summary>Each kind of mistake with its place and its whole message.</summary>
public class ConfigurationErrorTests
{
    // Lines 1 to 10; cases append from line 11.
    // As the registry lists them: "a", "b" or "c".
    private static string AllKinds => string.Join(", ", FlowRegistry.All.SkipLast(1).Select(kind => $"\"{kind.Name}\"")) + $" or \"{FlowRegistry.All[^1].Name}\"";

    private const string Head = """
        [run]
        name = "test"

        [theory]
        group = "U1"
        extents = [8, 8]
        action = { kind = "wilson", beta = 2.0 }

        [[sample]]
        sampler = "heatbath"

        """;

    // Names of registries stand for themselves.
    private static string Names(string expected) =>
        expected.Replace("SAMPLERS", List(SamplerRegistry.Kinds.Texts), StringComparison.Ordinal).Replace("PARTS", List(SamplerRegistry.Parts.Texts), StringComparison.Ordinal).Replace("RUNGS", List(SamplerRegistry.PartsOfLadder.Texts), StringComparison.Ordinal);

    private static string List(IEnumerable<string> names) => string.Join(", ", names.SkipLast(1).Select(name => $"\"{name}\"")) + $" or \"{names.Last()}\"";

    private static string[] Errors(string text, params string[] sets)
    {
        var exception = Assert.Throws<ConfigurationException>(() => ConfigurationReader.Read(text, "f.toml", [.. sets.Select(Override.Parse)]));
        Assert.Equal(ExitCode.BadUsage, exception.ExitCode);
        return [.. exception.Errors.Select(error => error.ToString())];
    }

    private static void Single(string expected, string text, params string[] sets) => Assert.Equal([expected], Errors(text, sets));

    [Theory]
    [InlineData("segmnt = 3", "f.toml(11,1): unknown key 'segmnt' in sample.0; did you mean 'segment'?")]
    [InlineData("[trian]\nsteps = 1", "f.toml(11,2): unknown section 'trian'; did you mean [train]?")]
    [InlineData("[quantum]\nsteps = 1", "f.toml(11,2): unknown section 'quantum'; known sections are run, theory, flow, train, sample, analyze")]
    [InlineData("stride = 1\nstride = 2", "f.toml(12,1): key 'stride' is given twice (first at line 11)")]
    [InlineData("[run]\nseed = 2", "f.toml(11,2): section [run] is given twice (first at line 1)")]
    [InlineData("stride = \"1\"", "f.toml(11,10): sample.0.stride must be an integer, not the string \"1\"")]
    [InlineData("stride = 1.0", "f.toml(11,10): sample.0.stride must be an integer, not the number 1.0")]
    [InlineData("stride = 1979-05-27", "f.toml(11,10): sample.0.stride must be an integer, not the date 1979-05-27")]
    [InlineData("name = true", "f.toml(11,8): sample.0.name must be a string, not true")]
    [InlineData("name = \"a/b\"", "f.toml(11,8): sample.0.name names a directory: use 1 to 100 letters, digits, '.', '_' or '-', beginning with a letter or digit, not \"a/b\"")]
    [InlineData("configurations = 0", "f.toml(11,18): sample.0.configurations must be at least 1, not 0")]
    [InlineData("configurations = 9999999999", "f.toml(11,18): sample.0.configurations must be at most 2147483647, not 9999999999")]
    [InlineData("configurations = 8\nreplicas = 9", "f.toml(12,12): sample.0.replicas must be at most configurations = 8, not 9: every replica stores at least one")]
    [InlineData("segment = 31", "f.toml(11,11): sample.0.segment must be at least replicas = 32, not 31: a segment holds whole steps of all replicas")]
    [InlineData("steps = 3", "f.toml(11,1): sample.0.steps does not apply to the sampler \"heatbath\"")]
    [InlineData("[[sample]]\nsampler = \"heatbath\"", "f.toml(11,3): sample.1.name \"heatbath\" is taken by f.toml(9,3): give each [[sample]] a name of its own")]
    [InlineData("[[sample]]\nsampler = \"hcm\"", "f.toml(12,11): sample.1.sampler must be SAMPLERS, not \"hcm\"; did you mean \"hmc\"?")]
    [InlineData("[[sample]]\nname = \"x\"", "f.toml(11,3): sample.1.sampler is missing: give it, for example sampler = \"flow\"")]
    [InlineData("[[sample]]\nsampler = \"flow\"", "f.toml(12,11): sample.1.sampler needs a flow, but there is no [flow] section")]
    [InlineData("[[sample]]\nsampler = \"hmc\"\nsteps = 3\nacceptance = 0.7", "f.toml(14,14): sample.1.acceptance excludes steps: fix the number of steps, or give the acceptance to tune it to")]
    [InlineData("[[sample]]\nsampler = \"hmc\"\nacceptance = 1", "f.toml(13,14): sample.1.acceptance must be between 0 and 1, both excluded, not 1.0")]
    [InlineData("[[sample]]\nsampler = \"hmc\"\nacceptance = 0.7\nthermalization = 0", "f.toml(14,18): sample.1.thermalization must be at least 1 when acceptance is given: the number of steps is tuned during thermalization")]
    [InlineData("[[sample]]\nsampler = \"hmc\"\ntrajectory_length = nan", "f.toml(13,21): sample.1.trajectory_length must be greater than 0, not nan")]
    [InlineData("[[sample]]\nsampler = \"mixture\"", "f.toml(11,3): sample.1.parts is missing or empty: give them, for example parts = [ { sampler = \"flow\" }, { sampler = \"hmc\", repeat = 2 } ]")]
    [InlineData("[[sample]]\nsampler = \"mixture\"\nparts = [ { sampler = \"heatbath\", steps = 2 } ]", "f.toml(13,35): sample.1.parts.0.steps does not apply to the sampler \"heatbath\"")]
    [InlineData("[[sample]]\nsampler = \"mixture\"\nparts = [ { sampler = \"mixture\" } ]", "f.toml(13,23): sample.1.parts.0.sampler must be PARTS, not \"mixture\"")]
    [InlineData("[[sample]]\nsampler = \"mixture\"\nparts = [ 1 ]", "f.toml(13,11): sample.1.parts.0 must be a table, not the integer 1")]
    [InlineData("[train]\nsteps = 1", "f.toml(11,2): [train] needs a [flow] to train")]
    [InlineData("[flow]\nlayers = [ { kind = \"plaquette-coupling\" } ]", "f.toml(11,2): [flow] has neither a [train] section nor flow.checkpoint: train it, or load one that was trained")]
    [InlineData("[flow]\ncheckpoint = \"x\"", "f.toml(11,2): flow.layers is missing or empty: give at least one, for example layers = [ { kind = \"plaquette-coupling\", count = 16 } ]")]
    [InlineData("[analyze]\nobservables = [\"plaqette\"]", "f.toml(12,16): analyze.observables: \"plaqette\" is not known; did you mean \"plaquette\"?")]
    [InlineData("[analyze]\nobservables = [\"wilson_loop_2x9\"]", "f.toml(12,16): analyze.observables: \"wilson_loop_2x9\" does not fit on the lattice: sides are at most 8")]
    [InlineData("[analyze]\nobservables = [\"plaquette\", \"plaquette\"]", "f.toml(12,29): analyze.observables names \"plaquette\" twice")]
    [InlineData("[analyze]\nobservables = [1]", "f.toml(12,16): analyze.observables must hold strings, not the integer 1")]
    [InlineData("[analyze]\nobservables = \"plaquette\"", "f.toml(12,15): analyze.observables must be an array, not the string \"plaquette\"")]
    [InlineData("[analyze]\nflow_samples = 65535", "f.toml(12,16): analyze.flow_samples must be at least 65536, not 65535: with fewer samples the rare large weights are missed and the effective sample size comes out too high")]
    [InlineData("[analyze]\nobservables = [\"creutz_ratio_2x2\"]", "f.toml(12,16): analyze.observables: \"creutz_ratio_2x2\" is not measured but derived by the analysis: name Wilson loops RxT, (R-1)xT, Rx(T-1) and (R-1)x(T-1) instead, and it is added")]
    [InlineData("[analyze]\nobservables = [\"flow_t0\"]", "f.toml(12,16): analyze.observables: \"flow_t0\" is not measured but derived by the analysis: name flow_energy_T instead, and it is added")]
    [InlineData("[analyze]\nobservables = [\"clover_energy_flow0.55\"]", "f.toml(12,16): analyze.observables: \"clover_energy_flow0.55\" names a flow time between two steps: use a multiple of 0.1")]
    [InlineData("[analyze]\nobservables = [\"flow_energy_0.2\"]", "f.toml(12,16): analyze.observables: flow energies up to t = 0.2: the time is a multiple of 0.1 and at least 0.4")]
    [InlineData("[analyze]\nobservables = [\"clover_charge_flow1\"]", "f.toml(12,16): analyze.observables: \"clover_charge_flow1\" is defined for SU(N) in four dimensions; this is U1 on 8x8")]
    [InlineData("[analyze]\ntheta = 0.5", "f.toml(12,9): analyze.theta must be an array, not the number 0.5")]
    [InlineData("[analyze]\ntheta = [0.5, \"pi\"]", "f.toml(12,15): analyze.theta must hold numbers, not the string \"pi\"")]
    [InlineData("[analyze]\ntheta = [0.5, 4]", "f.toml(12,15): analyze.theta must hold numbers greater than 0 and at most pi = 3.141592653589793, not 4.0")]
    [InlineData("[analyze]\ntheta = [0.5, 0.5]", "f.toml(12,9): analyze.theta names an angle twice")]
    [InlineData("[analyze]\ntheta = [0.5]\nobservables = [\"plaquette\"]", "f.toml(12,9): analyze.theta needs \"topological_charge\" among analyze.observables: add it, or leave theta out")]
    [InlineData("[analyze\n", "f.toml(11,9): not valid TOML: Unexpected token found `␤` (token: `newline`) while expecting `]` (token: `closebracket`)")]
    public void A_mistake_is_named_at_its_place(string appended, string expected) => Single(Names(expected), Head + appended);

    [Theory]
    [InlineData("seed", "seed = -1", "f.toml(3,8): run.seed must be at least 0, not -1")]
    [InlineData("seed", "seed = 99999999999999999999", "f.toml(3,8): not valid TOML: Unable to parse integer `99999999999999999999`")]
    [InlineData("precision", "precision = \"flaot\"", "f.toml(3,13): run.precision must be \"float\" or \"double\", not \"flaot\"; did you mean \"float\"?")]
    [InlineData("device", "device = \"cpu:1\"", "f.toml(3,10): run.device must be \"auto\", \"cpu\", \"cuda\", \"opencl\", \"cuda:n\" or \"opencl:n\", not \"cpu:1\"; did you mean \"cpu\"?")]
    [InlineData("threads", "threads = -1", "f.toml(3,11): run.threads must be at least 0, not -1")]
    [InlineData("é𝄞", "\"é𝄞\" = { x = 1, x = 2 }", "f.toml(3,17): key 'x' is given twice (first at line 3)|f.toml(3,1): unknown key 'é𝄞' in run; known are name, seed, precision, device, threads, checkpoint_seconds")]
    public void Keys_of_run(string key, string line, string expected)
    {
        Assert.Contains(key, line, StringComparison.Ordinal);
        var text = Head.Replace("name = \"test\"\n", $"name = \"test\"\n{line}\n", StringComparison.Ordinal);
        Assert.Equal(expected.Split('|').Order(StringComparer.Ordinal), Errors(text).Order(StringComparer.Ordinal));
        // The same text with the line ends of Windows has the same errors at the same places.
        Assert.Equal(Errors(text), Errors(text.Replace("\n", "\r\n", StringComparison.Ordinal)).Select(error => error.Replace("␍", "␤", StringComparison.Ordinal)));
    }

    [Theory]
    [InlineData("group = \"U1\"", "group = \"SU(3)\"", "f.toml(5,9): theory.group must be \"U1\", \"SU2\", \"SU3\", \"SU4\", \"SU5\", \"SU6\", \"SU7\" or \"SU8\", not \"SU(3)\"; did you mean \"SU3\"?")]
    [InlineData("group = \"U1\"", "group = \"G2\"", "f.toml(5,9): theory.group must be \"U1\", \"SU2\", \"SU3\", \"SU4\", \"SU5\", \"SU6\", \"SU7\" or \"SU8\", not \"G2\"")]
    [InlineData("group = \"U1\"\nextents = [8, 8]", "group = \"SU3\"\nextents = [64, 64, 64, 128]", "f.toml(6,11): theory.extents make 1.34e+8 links of 18 numbers each, more than the 2147483647 numbers a field can hold")]
    [InlineData("group = \"U1\"", "group = \"SU9\"", "f.toml(5,9): theory.group must be \"U1\", \"SU2\", \"SU3\", \"SU4\", \"SU5\", \"SU6\", \"SU7\" or \"SU8\", not \"SU9\"")]
    [InlineData("group = \"U1\"", "group = \"u(1)\"", "f.toml(5,9): theory.group must be \"U1\", \"SU2\", \"SU3\", \"SU4\", \"SU5\", \"SU6\", \"SU7\" or \"SU8\", not \"u(1)\"; did you mean \"U1\"?")]
    [InlineData("sampler = \"heatbath\"\n", "sampler = \"heatbath\"\n[analyze]\nobservables = [\"plaquette\"]\ntheta = [0.5]\n", "f.toml(13,9): analyze.theta needs \"topological_charge\" among analyze.observables: add it, or leave theta out")]
    [InlineData("[8, 8]\naction = { kind = \"wilson\", beta = 2.0 }\n\n[[sample]]\nsampler = \"heatbath\"\n", "[8, 8, 8]\naction = { kind = \"wilson\", beta = 2.0 }\n\n[[sample]]\nsampler = \"heatbath\"\n[analyze]\ntheta = [0.5]\n", "f.toml(12,9): analyze.theta needs a charge that is an integer, which only U1 in two dimensions has here: leave it out")]
    [InlineData("kind = \"wilson\"", "kind = \"iwasaki\"", "f.toml(7,19): theory.action.kind \"iwasaki\" is a choice of c1: write kind = \"rectangle\", c1 = \"iwasaki\"")]
    [InlineData("[8, 8]", "[1, 8]", "f.toml(10,11): sample.0.sampler has a heat bath, which needs extents of at least 2, or a link is in one plaquette twice: use \"hmc\"")]
    [InlineData("[8, 8]\naction = { kind = \"wilson\"", "[2, 8]\naction = { kind = \"rectangle\"", "f.toml(10,11): sample.0.sampler has a heat bath, which needs extents of at least 3, or a link is in one rectangle twice: use \"hmc\"")]
    [InlineData("[8, 8]", "[8]", "f.toml(6,11): theory.extents must have 2, 3 or 4 entries, one a dimension, not 1")]
    [InlineData("[8, 8]", "[8, 0]", "f.toml(6,15): theory.extents must be at least 1, not 0")]
    [InlineData("[8, 8]", "[8, \"8\"]", "f.toml(6,15): theory.extents must hold integers, not the string \"8\"")]
    [InlineData("[8, 8]", "8", "f.toml(6,11): theory.extents must be an array, not the integer 8")]
    [InlineData("[8, 8]", "[1024, 1024, 1024]", "f.toml(6,11): theory.extents make 3.22e+9 links, more than the 2147483647 a field can hold")]
    [InlineData("extents = [8, 8]\n", "\n", "f.toml(4,2): theory.extents is missing: give it, for example extents = [8, 8]")]
    [InlineData("beta = 2.0", "beta = -1", "f.toml(7,36): theory.action.beta must be between 0 and 1e9, not -1.0")]
    [InlineData("beta = 2.0", "beta = 1e14", "f.toml(7,36): theory.action.beta must be between 0 and 1e9, not 100000000000000.0")]
    [InlineData("beta = 2.0", "beta = inf", "f.toml(7,36): theory.action.beta must be between 0 and 1e9, not inf")]
    [InlineData(", beta = 2.0", "", "f.toml(7,10): theory.action.beta is missing: give it, for example beta = 2.0")]
    [InlineData("beta = 2.0", "beta = 2.0, c1 = 1", "f.toml(7,41): theory.action.c1 does not apply to the action \"wilson\"")]
    [InlineData("\"wilson\"", "\"wislon\"", "f.toml(7,19): theory.action.kind must be \"wilson\", \"rectangle\" or \"sum\", not \"wislon\"; did you mean \"wilson\"?")]
    [InlineData("beta = 2.0", "beta = 2.0, anisotropy = 0", "f.toml(7,54): theory.action.anisotropy must be between 1e-3 and 1e3, not 0.0")]
    [InlineData("\"wilson\", beta = 2.0", "\"rectangle\", beta = 2.0, c1 = \"iwasake\"", "f.toml(7,49): theory.action.c1 must be a number, \"symanzik\", \"iwasaki\" or \"dbw2\", not \"iwasake\"; did you mean \"iwasaki\"?")]
    [InlineData("\"wilson\"", "\"sum\"", "f.toml(7,10): theory.action.terms is missing or empty: give them, for example terms = [ { kind = \"wilson\", beta = 2.0 }, { kind = \"rectangle\", beta = 2.0 } ]|f.toml(7,26): theory.action.beta does not apply to the action \"sum\"")]
    [InlineData("\"wilson\", beta = 2.0", "\"sum\", terms = [ { beta = -2.0, c1 = 1 } ]", "f.toml(7,51): theory.action.terms.0.c1 does not apply to the action \"wilson\"")]
    [InlineData("name = \"test\"\n", "\n", "f.toml(1,2): run.name is missing: give it, for example name = \"u1_L8_beta2\"")]
    [InlineData("[[sample]]", "[sample]", "f.toml(9,2): sample must be given as [[sample]], once for each ensemble")]
    [InlineData("[[sample]]\nsampler = \"heatbath\"\n", "\n", "f.toml(1,1): nothing to do: give a [flow] to train, a [[sample]] to draw, or both")]
    public void Theory_and_structure(string replaced, string by, string expected)
    {
        Assert.Contains(replaced, Head, StringComparison.Ordinal);
        Assert.Equal(expected.Split('|'), Errors(Head.Replace(replaced, by, StringComparison.Ordinal)));
    }

    [Theory]
    [InlineData("SU3", "[8, 8]", "topological_charge", "\"topological_charge\" is defined for U1 in two dimensions; this is SU3 on 8x8. In four dimensions there is clover_charge")]
    [InlineData("U1", "[8, 8, 8]", "topological_charge_squared", "\"topological_charge_squared\" is defined for U1 in two dimensions; this is U1 on 8x8x8. In four dimensions there is clover_charge")]
    public void Observables_that_a_theory_does_not_have(string group, string extents, string name, string expected) => Single(
        $"f.toml(12,16): analyze.observables: {expected}",
        Head.Replace("\"U1\"", $"\"{group}\"", StringComparison.Ordinal).Replace("[8, 8]", extents, StringComparison.Ordinal) + $"[analyze]\nobservables = [\"{name}\"]");

    [Theory]
    [InlineData("field = \"scalar\"", "field = \"scalar\"\ngroup = \"U1\"", "f.toml(4,9): theory.field excludes group: a theory has links of a gauge group, or this field on its sites; leave one of them out")]
    [InlineData("\"scalar\"", "\"SU3\"", "f.toml(4,9): theory.field must be \"scalar\", not \"SU3\", which is a gauge group: write group = \"SU3\"")]
    [InlineData("field = \"scalar\"", "group = \"scalar\"", "f.toml(4,9): theory.group must be \"U1\", \"SU2\", \"SU3\", \"SU4\", \"SU5\", \"SU6\", \"SU7\" or \"SU8\", not \"scalar\", which is no gauge group: write field = \"scalar\"|f.toml(6,19): theory.action.kind \"phi4\" is no action of the field \"U1\", which has \"wilson\", \"rectangle\", \"sum\"; write theory.field = \"scalar\" for a scalar")]
    [InlineData("\"phi4\", mass_squared = -4.0, lambda = 8.0", "\"wilson\", beta = 1.0", "f.toml(6,19): theory.action.kind \"wilson\" is no action of the field \"scalar\", which has \"phi4\"; leave theory.field out for links of theory.group")]
    [InlineData("\"phi4\"", "\"ph4\"", "f.toml(6,19): theory.action.kind must be \"phi4\", not \"ph4\"; did you mean \"phi4\"?")]
    [InlineData("kind = \"phi4\", mass_squared = -4.0, lambda = 8.0", "beta = 1.0", "f.toml(6,10): theory.action.mass_squared is missing: give it, for example mass_squared = -4.0|f.toml(6,10): theory.action.lambda is missing: give it, for example lambda = 8.0|f.toml(6,12): theory.action.beta does not apply to the action \"phi4\"")]
    [InlineData("lambda = 8.0", "lambda = -8.0", "f.toml(6,57): theory.action.lambda must be between 0 and 1e9: below, exp(-S) has no integral, not -8.0")]
    [InlineData("lambda = 8.0", "lambda = 0", "f.toml(6,42): theory.action.mass_squared must be greater than 0 where lambda = 0, or exp(-S) has no integral, not -4.0")]
    [InlineData("action = { kind = \"phi4\", mass_squared = -4.0, lambda = 8.0 }", "", "f.toml(3,2): theory.action is missing: give it, for example action = { kind = \"phi4\", mass_squared = -4.0, lambda = 8.0 }")]
    [InlineData("sampler = \"hmc\"", "sampler = \"heatbath\"", "f.toml(8,11): sample.0.sampler has a heat bath, which is built for links and not for the field \"scalar\": use \"hmc\", alone, in a mixture or on a ladder")]
    [InlineData("sampler = \"hmc\"", "sampler = \"hmc\"\n[analyze]\nobservables = [\"phi_squard\"]", "f.toml(10,16): analyze.observables: \"phi_squard\" is not known; did you mean \"phi_squared\"?")]
    [InlineData("sampler = \"hmc\"", "sampler = \"hmc\"\n[analyze]\nobservables = [\"correlation_length\"]", "f.toml(10,16): analyze.observables: \"correlation_length\" is not measured but derived by the analysis: name two_point instead, and it is added")]
    [InlineData("sampler = \"hmc\"", "sampler = \"hmc\"\n[analyze]\nobservables = [\"plaquette\"]", "f.toml(10,16): analyze.observables: \"plaquette\" is defined for links of a gauge group; of 'scalar' there is phi_squared, magnetization_squared, magnetization_abs, magnetization_fourth, two_point")]
    [InlineData("sampler = \"hmc\"", "sampler = \"hmc\"\n[analyze]\nobservables = [\"phi_squared_flow1\"]", "f.toml(10,16): analyze.observables: \"phi_squared_flow1\" is defined without a suffix only: the field 'scalar' has no links that could be smeared")]
    [InlineData("sampler = \"hmc\"", "sampler = \"hmc\"\n[analyze]\ntheta = [0.5]", "f.toml(10,9): analyze.theta needs a charge that is an integer, which only U1 in two dimensions has here: leave it out")]
    [InlineData("sampler = \"hmc\"", "sampler = \"hmc\"\n[flow]\nlayers = [ { kind = \"plaquette-coupling\" } ]\n[train]", "f.toml(10,10): flow.layers 0: \"plaquette-coupling\" moves angles of U1, not a real scalar: use \"affine-coupling\"")]
    [InlineData("sampler = \"hmc\"", "sampler = \"hmc\"\n[flow]\nlayers = [ { kind = \"affine-coupling\" }, { kind = \"spectral-coupling\" } ]\n[train]", "f.toml(10,10): flow.layers 1: \"spectral-coupling\" moves links of a gauge group, not a real scalar: use \"affine-coupling\"")]
    [InlineData("sampler = \"hmc\"", "sampler = \"hmc\"\n[flow]\nprior = { kind = \"haar\" }\nlayers = [ { kind = \"affine-coupling\" } ]\n[train]", "f.toml(10,18): flow.prior.kind cannot be \"haar\": Haar measure is of links of a gauge group, not of a real scalar: use \"normal\"")]
    [InlineData("extents = [8, 8]\naction = { kind = \"phi4\", mass_squared = -4.0, lambda = 8.0 }", "extents = [8, 5]\naction = { kind = \"phi4\", mass_squared = -4.0, lambda = 8.0 }\n[flow]\nlayers = [ { kind = \"affine-coupling\" } ]\n[train]", "f.toml(5,11): theory.extents cannot carry the flow: extent 5 is odd, and sites alternate between colours: use 2, 4, 6, 8, …")]
    public void Scalars(string replaced, string by, string expected)
    {
        // Lines 1 to 8.
        const string Scalar = "[run]\nname = \"test\"\n[theory]\nfield = \"scalar\"\nextents = [8, 8]\naction = { kind = \"phi4\", mass_squared = -4.0, lambda = 8.0 }\n[[sample]]\nsampler = \"hmc\"\n";
        Assert.Contains(replaced, Scalar, StringComparison.Ordinal);
        Assert.Equal(expected.Split('|'), Errors(Scalar.Replace(replaced, by, StringComparison.Ordinal)));
    }

    [Theory]
    [InlineData("\"U1\"", "\"SU3\"", "f.toml(12,10): flow.layers 0: \"plaquette-coupling\" moves angles of U1, not links of SU3: use \"spectral-coupling\"")]
    [InlineData("layers = [ { kind = \"plaquette-coupling\"", "layers = [ { kind = \"affine-coupling\"", "f.toml(12,10): flow.layers 0: \"affine-coupling\" moves a real scalar, not links of U1: use \"plaquette-coupling\"")]
    [InlineData("layers =", "prior = { kind = \"normal\" }\nlayers =", "f.toml(12,18): flow.prior.kind cannot be \"normal\": the normal prior is of a real scalar, not of links of U1: use \"haar\"")]
    [InlineData("[8, 8]", "[8, 8, 8]", "f.toml(12,10): flow.layers 0: \"plaquette-coupling\" is for 2 dimensions, not 3: use \"spectral-coupling\"")]
    [InlineData("[8, 8]", "[8, 6]", "f.toml(6,11): theory.extents cannot carry the flow: extent 6 is not a multiple of 4, the period of the stripe mask: use 4, 8, 12, 16, …")]
    public void Theories_that_no_flow_is_built_for(string replaced, string by, string expected)
        => Single(expected, (Head + "[flow]\nlayers = [ { kind = \"plaquette-coupling\" } ]\n[train]").Replace(replaced, by, StringComparison.Ordinal));

    [Theory]
    [InlineData("configurations = 16384\nsegment = 16384", "segment = 16384 holds more than the 16 GiB that are written at once: at most 7281")]
    [InlineData("configurations = 16384\nreplicas = 8192", "segment of 8192 replicas holds more than the 16 GiB that are written at once: use at most 7281 replicas")]
    public void Segments_that_are_too_large(string lines, string expected) => Assert.EndsWith(
        ": sample.0." + expected,
        Assert.Single(Errors(Head.Replace("\"U1\"", "\"SU3\"", StringComparison.Ordinal).Replace("[8, 8]", "[8, 8, 8, 8]", StringComparison.Ordinal) + lines)), StringComparison.Ordinal);

    [Theory]
    [InlineData("sampler = \"tempering\"\nparts = [ { sampler = \"heatbath\" } ]", "sample.1.strengths must be two factors on the action or more, the first 1 for the action that is sampled: for example strengths = [1.0, 0.95, 0.9]")]
    [InlineData("sampler = \"tempering\"\nparts = [ { sampler = \"heatbath\" } ]\nstrengths = [1, 0.9, 0.9]", "sample.1.strengths holds a factor twice: each is a rung of its own")]
    [InlineData("sampler = \"tempering\"\nparts = [ { sampler = \"flow\" } ]\nstrengths = [1, 0.9]", "sample.1.parts.0.sampler must be RUNGS, not \"flow\"")]
    [InlineData("sampler = \"hmc\"\ninner_scales = [ { parts = [1] } ]", "sample.1.inner_scales.0.parts names part 1, but the action has 1 (numbered from 0): \"rectangle\" has plaquettes and rectangles, \"sum\" its terms")]
    [InlineData("sampler = \"hmc\"\ninner_scales = [ { parts = [0] } ]", "sample.1.inner_scales name all parts of the action: the outermost time scale needs one, too")]
    [InlineData("sampler = \"tempering\"\nparts = [ { sampler = \"flow-hmc\" } ]\nstrengths = [1, 0.9]", "sample.1.parts.0.sampler must be RUNGS, not \"flow-hmc\"")]
    [InlineData("sampler = \"winding\"", "sample.1.sampler changes the topological charge and nothing else, so that it samples nothing alone: put it beside others, for example sampler = \"mixture\", parts = [ { sampler = \"winding\" }, { sampler = \"heatbath\" } ]")]
    [InlineData("sampler = \"tempering\"\nparts = [ { sampler = \"instanton\" } ]\nstrengths = [1, 0.9]", "sample.1.sampler changes the topological charge and nothing else, so that it samples nothing alone: put it beside others, for example sampler = \"mixture\", parts = [ { sampler = \"winding\" }, { sampler = \"heatbath\" } ]")]
    [InlineData("sampler = \"mixture\"\nparts = [ { sampler = \"winding\", sizes = [2, 7] }, { sampler = \"hmc\" } ]", "sample.1.parts.0.sizes holds 7: the largest square that fits has the side 6, two less than the shortest extent")]
    [InlineData("sampler = \"mixture\"\nparts = [ { sampler = \"winding\", sizes = [0] }, { sampler = \"hmc\" } ]", "sample.1.parts.0.sizes must be at least 1, not 0")]
    [InlineData("sampler = \"flow-hmc\"", "sample.1.sampler needs a flow, but there is no [flow] section")]
    [InlineData("sampler = \"mixture\"\nparts = [ { sampler = \"heatbath\" }, { sampler = \"flow-hmc\" } ]", "sample.1.sampler needs a flow, but there is no [flow] section")]
    [InlineData("sampler = \"hmc\"\nintegrator = \"omelyan\"", "sample.1.integrator must be \"leapfrog\", \"omelyan2\" or \"force_gradient4\", not \"omelyan\"; did you mean \"omelyan2\"?")]
    public void Ladders_and_time_scales(string lines, string expected)
        => Assert.EndsWith(": " + Names(expected), Assert.Single(Errors(Head + $"[[sample]]\n{lines}")), StringComparison.Ordinal);

    [Theory]
    [InlineData("SU2", "[8, 8]", "winding", "is built for U1 in two dimensions")]
    [InlineData("U1", "[8, 8, 8]", "instanton", "is built for U1 in two dimensions")]
    [InlineData("U1", "[2, 8]", "winding", "needs extents of at least 3")]
    public void Topological_proposals_of_other_theories(string group, string extents, string sampler, string expected) => Assert.Contains(
        $"sample.1.parts.1.sampler \"{sampler}\" {expected}",
        Assert.Single(Errors(Head.Replace("\"U1\"", $"\"{group}\"", StringComparison.Ordinal).Replace("[8, 8]", extents, StringComparison.Ordinal)
            + $"[[sample]]\nsampler = \"mixture\"\nparts = [ {{ sampler = \"hmc\" }}, {{ sampler = \"{sampler}\" }} ]")), StringComparison.Ordinal);

    [Theory]
    [InlineData("inner_scales = [ { parts = [0] } ]", "inner_scales does not apply to the sampler \"flow-hmc\": the force of every part of the action takes a pass of the whole flow, so there is one time scale")]
    [InlineData("overrelaxation = 1", "overrelaxation does not apply to the sampler \"flow-hmc\"")]
    [InlineData("steps = 0", "steps must be at least 1, not 0")]
    [InlineData("acceptance = 0.8\nthermalization = 0", "thermalization must be at least 1 when acceptance is given: the number of steps is tuned during thermalization")]
    public void Trajectories_of_a_flow(string lines, string expected) => Assert.EndsWith(
        ": sample.1." + expected,
        Assert.Single(Errors(Head + $"[[sample]]\nsampler = \"flow-hmc\"\n{lines}\n[flow]\nlayers = [ {{ kind = \"plaquette-coupling\" }} ]\n[train]")), StringComparison.Ordinal);

    [Theory]
    [InlineData("kind = \"plaquette-coupling\", kernel = 4", "flow.layers.0.kernel must be odd, so that it has a centre, not 4")]
    [InlineData("kind = \"plaquette-coupling\", kernel = 9", "flow.layers.0.kernel = 9 is wider than the lattice: at most 8")]
    [InlineData("kind = \"plaquette-coupling\", bins = 4", "flow.layers.0.bins does not apply to the transform \"mobius\"")]
    [InlineData("kind = \"plaquette-coupling\", transform = \"spline\", components = 4", "flow.layers.0.components does not apply to the transform \"spline\"")]
    [InlineData("kind = \"plaquette-coupling\", hidden = [0]", "flow.layers.0.hidden must be at least 1, not 0")]
    [InlineData("kind = \"plaquette-coupling\", activation = \"relu\"", "flow.layers.0.activation must be \"leaky-relu\", \"silu\" or \"tanh\", not \"relu\"")]
    [InlineData("kind = \"spectral-couplng\"", "flow.layers.0.kind must be KINDS, not \"spectral-couplng\"; did you mean \"spectral-coupling\"?")]
    [InlineData("kind = \"stable-coupling\"", "flow.layers.0.kind must be KINDS, not \"stable-coupling\"; did you mean \"staple-coupling\"?")]
    [InlineData("kind = \"doubling\", maps = [\"sum\", \"ahea\"]", "flow.layers.0.maps must be \"sum\", \"ahead\", \"behind\", \"leaning-ahead\" or \"leaning-behind\", not \"ahea\"; did you mean \"ahead\"?")]
    [InlineData("kind = \"doubling\", maps = []", "flow.layers.0.maps is empty: give at least one, or leave it out")]
    [InlineData("kind = \"doubling\", transform = \"spline\"", "flow.layers.0.transform does not apply to the kind \"doubling\"")]
    [InlineData("count = 8", "flow.layers.0.kind is missing: give it, for example kind = \"plaquette-coupling\"")]
    public void Layers(string layer, string expected)
        => Assert.EndsWith(": " + expected.Replace("KINDS", AllKinds, StringComparison.Ordinal), Assert.Single(Errors(Head + $"[train]\n[flow]\nlayers = [ {{ {layer} }} ]")), StringComparison.Ordinal);

    [Theory]
    [InlineData("estimator = \"score\"\nbatch = 1", "train.batch must be at least 2 with the estimator \"score\", which takes the mean of its batch away, not 1")]
    [InlineData("batch = 0", "train.batch must be at least 1, not 0")]
    [InlineData("learning_rate = 0", "train.learning_rate must be greater than 0, not 0.0")]
    [InlineData("learning_rate = \"fast\"", "train.learning_rate must be a number, not the string \"fast\"")]
    [InlineData("estimator = \"pth\"", "train.estimator must be \"path\", \"plain\" or \"score\", not \"pth\"; did you mean \"path\"?")]
    [InlineData("schedule = { kind = \"cosin\" }", "train.schedule.kind must be \"constant\", \"cosine\" or \"step\", not \"cosin\"; did you mean \"cosine\"?")]
    [InlineData("schedule = { kind = \"cosine\", every = 3 }", "train.schedule.every does not apply to the schedule \"cosine\"")]
    [InlineData("schedule = \"cosine\"", "train.schedule must be a table, not the string \"cosine\"")]
    [InlineData("optimizer = \"ecd\"", "train.ecd is missing: \"ecd\" needs at least ecd = { log_z = … }, ln Z or what it is guessed to be from below, as −ln Z is the least loss there is")]
    [InlineData("optimizer = \"ecd\"\necd = { energy = 1 }", "train.ecd.log_z is missing: ln Z, or what it is guessed to be from below")]
    [InlineData("optimizer = \"ecd\"\necd = { log_z = 3 }\ndamping = 1", "train.damping does not apply to the optimizer \"ecd\"")]
    [InlineData("ecd = { log_z = 3 }", "train.ecd does not apply to the optimizer \"adam\"")]
    [InlineData("adam = { beta1 = 1 }", "train.adam.beta1 must be at least 0 and less than 1, not 1.0")]
    [InlineData("gradient_clip = -1", "train.gradient_clip must be 0 (off) or greater, not -1.0")]
    [InlineData("strength_start = 0.5", "train.strength_start needs strength_steps, the number of steps within which the strength of the action rises to 1")]
    [InlineData("strength_steps = 10", "train.strength_steps needs strength_start, the factor on the action in the first step")]
    [InlineData("strength_start = 0.5\nstrength_steps = 1001", "train.strength_steps must be at most train.steps = 1000, not 1001: the theory's own action would never be reached")]
    [InlineData("warmup = 1001", "train.warmup must be at most train.steps = 1000, not 1001")]
    public void Training(string line, string expected)
        => Assert.EndsWith(": " + expected, Assert.Single(Errors(Head + $"[flow]\nlayers = [ {{ kind = \"plaquette-coupling\" }} ]\n[train]\n{line}")), StringComparison.Ordinal);

    [Theory]
    [InlineData("[10, 8]", "cannot carry the flow: extent 10 is not a multiple of 4, the period of the stripe mask: use 4, 8, 12, 16, …")]
    [InlineData("[8, 3]", "cannot carry the flow: extent 3 is not a multiple of 4, the period of the stripe mask: use 4, 8, 12, 16, …")]
    public void Extents_that_a_flow_does_not_allow(string extents, string expected)
        => Single($"f.toml(6,11): theory.extents {expected}", Head.Replace("[8, 8]", extents, StringComparison.Ordinal)
            + "[flow]\nlayers = [ { kind = \"plaquette-coupling\" } ]\n[train]");

    [Theory]
    [InlineData("sample.0.strde=5", "unknown key 'strde' in sample.0; did you mean 'stride'?")]
    [InlineData("sample.1.stride=5", "sample.1 does not exist: sample has entries 0 to 0")]
    [InlineData("sample.hetbath.stride=5", "no entry of sample is called 'hetbath'; did you mean 'heatbath'?")]
    [InlineData("sample.heatbath.stride=x", "sample.0.stride must be an integer, not the string \"x\"")]
    [InlineData("run.name.x=5", "run.name is the string \"test\", so it has no key 'x'")]
    [InlineData("trian.steps=5", "unknown section 'trian'; did you mean [train]?")]
    [InlineData("seed=5", "unknown key 'seed'; it belongs to [run]")]
    [InlineData("theory.extents=[8,8", "theory.extents must be an array, not the string \"[8,8\"")]
    [InlineData("theory.extents.1=0", "theory.extents must be at least 1, not 0")]
    [InlineData("theory=3", "theory must be a section [theory], not the integer 3")]
    [InlineData("train.steps=5", "[train] needs a [flow] to train")]
    [InlineData("run", "must have the form a.b=c, for example --set train.steps=100")]
    [InlineData("run..seed=1", "must have the form a.b=c, for example --set train.steps=100")]
    public void An_override_is_named_as_it_was_typed(string set, string expected) => Single($"--set {set}: {expected}", Head, set);

    [Fact]
    public void All_errors_come_at_once_in_the_order_of_the_file_and_then_of_the_command_line()
    {
        var text = Head.Replace("name = \"test\"", "nam = \"test\"\nseed = -1\nseed = 2", StringComparison.Ordinal)
            .Replace("[8, 8]", "[8]", StringComparison.Ordinal) + "stride = 0\n[anlyze]\n";
        Assert.Equal(
        [
            "f.toml(1,2): run.name is missing: give it, for example name = \"u1_L8_beta2\"",
            "f.toml(2,1): unknown key 'nam' in run; did you mean 'name'?",
            "f.toml(3,8): run.seed must be at least 0, not -1",
            "f.toml(4,1): key 'seed' is given twice (first at line 3)",
            "f.toml(8,11): theory.extents must have 2, 3 or 4 entries, one a dimension, not 1",
            "f.toml(13,10): sample.0.stride must be at least 1, not 0",
            "f.toml(14,2): unknown section 'anlyze'; did you mean [analyze]?",
            "--set run.threads=-2: run.threads must be at least 0, not -2",
            "--set run.x=1: unknown key 'x' in run; known are name, seed, precision, device, threads, checkpoint_seconds",
        ], Errors(text, "run.threads=-2", "run.x=1"));
    }

    [Fact]
    public void An_empty_document_lacks_everything()
        => Assert.Equal(["f.toml(1,1): section [run] is missing", "f.toml(1,1): section [theory] is missing",
            "f.toml(1,1): nothing to do: give a [flow] to train, a [[sample]] to draw, or both"], Errors("# nothing\n"));

    [Fact]
    public void Deep_nesting_is_an_error_and_no_crash()
        => Assert.StartsWith("f.toml(1,1): not readable as TOML: ", Assert.Single(Errors("a = " + new string('[', 200_000))), StringComparison.Ordinal);

    /// <summary>Damaged texts and overrides are read or refused, but nothing else is ever thrown. Seeded, so that a failure repeats.</summary>
    [Fact]
    public void Damaged_input_never_crashes()
    {
        var whole = File.ReadAllText(Repository.PathOf("configs", "u1_L16_beta7.toml"));
        var random = new Random(20240901);
        const string Pieces = "[]{}=.,\"'\\#\n\r\t 0e-+x_\0é\ud834";
        string[] paths = ["run", "seed", "theory", "flow", "layers", "sample", "0", "1", "parts", "steps", "hmc", "x", "-1"];
        var refused = 0;
        for (var i = 0; i < 2000; i++)
        {
            var text = whole;
            for (var edits = random.Next(1, 4); edits > 0; edits--)
            {
                var start = random.Next(text.Length);
                var length = Math.Min(random.Next(20), text.Length - start);
                text = random.Next(3) switch
                {
                    0 => text.Remove(start, length),
                    1 => text.Insert(start, Pieces[random.Next(Pieces.Length)].ToString()),
                    _ => text.Insert(random.Next(text.Length), text.Substring(start, length)),
                };
            }
            var path = string.Join('.', Enumerable.Range(0, random.Next(1, 5)).Select(_ => paths[random.Next(paths.Length)]));
            try
            {
                ConfigurationReader.Read(text, "f.toml", Override.Parse($"{path}={text.AsSpan(random.Next(text.Length - 8), 8)}"));
            }
            catch (ConfigurationException exception)
            {
                refused++;
                Assert.All(exception.Errors, error => Assert.NotEmpty(error.Message));
            }
        }
        Assert.InRange(refused, 1000, 2000);
    }
}
