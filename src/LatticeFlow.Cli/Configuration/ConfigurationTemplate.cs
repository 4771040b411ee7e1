using System.Globalization;
using System.Text;
using LatticeFlow.Actions;
using LatticeFlow.Fields;
using LatticeFlow.Groups;
using LatticeFlow.Observables;

namespace LatticeFlow.Cli.Configuration;

/// <summary>The text of a configuration with a comment to every key, for a theory that is named: what <c>init</c> writes.</summary>
public sealed record ConfigurationTemplate
{
    public required FieldType Field { get; init; }

    public required IReadOnlyList<int> Extents { get; init; }

    /// <summary>A name of <see cref="ActionRegistry"/>.</summary>
    public required string Action { get; init; }

    /// <summary>Parameters of the action that were given; others get the usual values.</summary>
    public IReadOnlyDictionary<string, double> Parameters { get; init; } = new Dictionary<string, double>();

    /// <summary>Whether a flow is trained and sampled.</summary>
    public bool Flow { get; init; }

    /// <summary>Null: made of the theory.</summary>
    public string? Name { get; init; }

    // Chains side by side pay while a configuration is small.
    private bool IsSmall => Extents.Aggregate(1.0, (product, extent) => product * extent) * Extents.Count * Field.Components < 2e5;

    private ActionEntry Entry => ActionRegistry.Named(Action) ?? throw new InvalidOperationException($"there is no action {Action}.");

    private bool HasLinks => Field.Place == FieldPlace.Links;

    /// <summary>The usual actions of a field: links have Wilson's.</summary>
    public static string UsualAction(FieldType field) => ActionRegistry.For(field)[0].Name;

    /// <summary>The usual extents: a lattice that is drawn in a minute.</summary>
    public static IReadOnlyList<int> UsualExtents(FieldType field) => field == FieldType.Scalar || field == GaugeGroup.U1 ? [8, 8] : [8, 8, 8, 8];

    public string Text()
    {
        var text = new StringBuilder();
        text.Append(CultureInfo.InvariantCulture, $"""
            # {Title()}. Every key that is left out has a default: latticeflow validate FILE prints them all, docs/configuration.md explains them.

            [run]
            name = {TomlText.Quote(Name ?? UsualName())}     # results go to runs/<name>, unless --run-dir says otherwise
            seed = 1                # another number is another, independent run
            precision = "float"     # of flows; chains, sums and log-densities are double
            device = "auto"         # a GPU where there is one; or cpu, cuda, opencl

            [theory]
            {(HasLinks ? $"group = {TomlText.Quote(Field.Name)}           # U1, SU2 … SU8" : $"field = {TomlText.Quote(Field.Name)}")}
            extents = [{string.Join(", ", Extents)}]     # direction 0 is time; 2, 3 or 4 of them
            action = {ActionText()}
            {ActionComment()}


            """);
        if (Flow) text.Append(FlowText());
        text.Append(SampleText());
        text.Append(AnalyzeText());
        return text.ToString();
    }

    private string Title() => $"{(HasLinks ? $"{Field.Name} gauge theory" : "A real scalar")} on {string.Join("x", Extents)}, action \"{Action}\"{(Flow ? ", with a flow" : "")}";

    private string UsualName()
    {
        var size = Extents.Distinct().Count() == 1 ? Extents[0].ToString(CultureInfo.InvariantCulture) : string.Join("x", Extents);
        var coupling = Values().Where(value => value.Name == "beta").Select(value => "_beta" + value.Value.ToString("R", CultureInfo.InvariantCulture)).FirstOrDefault() ?? "";
        return $"{(HasLinks ? Field.Name.ToLowerInvariant() : Action)}_{Extents.Count}d_L{size}{coupling}{(Flow ? "_flow" : "")}";
    }

    private IEnumerable<(string Name, double Value)> Values() => Entry.Parameters
        .Select(parameter => (parameter.Name, Parameters.TryGetValue(parameter.Name, out var given) ? given : parameter.Default ?? Usual(parameter.Name)));

    // Where theories of the size of a test are neither frozen nor trivial.
    private double Usual(string parameter) => parameter switch
    {
        "beta" when Field == GaugeGroup.U1 => Extents.Count == 4 ? 0.9 : 2,
        "beta" when Field == GaugeGroup.SU2 => 2.4,
        "beta" when Field is GaugeGroup group => Math.Round(0.67 * group.Order * group.Order, 1),
        _ => Entry.Parameters.First(known => known.Name == parameter).Example,
    };

    private string ActionText() => $"{{ kind = {TomlText.Quote(Action)}, {string.Join(", ", Values().Where(value => IsShown(value.Name, value.Value)).Select(value => $"{value.Name} = {ActionNumber(Action, value.Name, value.Value)}"))} }}";

    private bool IsShown(string name, double value)
    {
        var parameter = Entry.Parameters.First(known => known.Name == name);
        return value != parameter.Default || !(parameter.IsRare || name == "anisotropy");
    }

    private static string ActionNumber(string action, string name, double value) => ActionRegistry.Named(action)!.Parameters.First(parameter => parameter.Name == name).WordOf(value) is { } word ? TomlText.Quote(word) : TomlText.Number(value);

    // What it is, what its parameters mean, and what else there is.
    private string ActionComment()
    {
        var lines = new List<string> { Entry.Summary };
        lines.AddRange(Entry.Parameters.Select(parameter => $"{parameter.Name}: {parameter.Meaning}{(parameter.Words.Count > 0 ? $": {string.Join(", ", parameter.Words.Select(word => TomlText.Quote(word.Word)))}" : "")}"));
        if (ActionRegistry.NamesFor(Field).Where(name => name != Action).ToList() is { Count: > 0 } others) lines.Add($"other kinds: {string.Join(", ", others.Select(TomlText.Quote))}");
        return string.Join('\n', lines.Select(line => "# " + line));
    }

    private string FlowText()
    {
        var (prior, layers, comment) = Layers();
        var newton = layers.Contains("staple-coupling", StringComparison.Ordinal);
        return $"""
            [flow]
            # {comment}
            prior = {prior}
            layers = [ {layers} ]

            [train]
            # The report says what effective sample size was reached, and whether it can be believed; more steps go on with --resume.
            {(newton ? "optimizer = \"gauss-newton\"     # least squares on the fluctuations of ln w: few parameters, few steps\nsteps = 20\nbatch = 1024            # of the order of ten times the parameters" : "steps = 1000\nbatch = 256\nlearning_rate = 4e-3\nschedule = { kind = \"cosine\" }     # down to a hundredth of it\nwarmup = 50\ngradient_clip = 10.0\nestimator = \"path\"      # no variance where the flow is exact")}

            [[sample]]
            sampler = "flow"        # every proposal is independent of the one before
            configurations = {(IsSmall ? 10000 : 400)}
            replicas = {(IsSmall ? 32 : 4)}
            thermalization = 100


            """;
    }

    private (string Prior, string Layers, string Comment) Layers()
    {
        if (!HasLinks) return ("{ kind = \"normal\" }", "{ kind = \"affine-coupling\", count = 24, mask = \"cells\", hidden = [8, 8], activation = \"silu\" }", "Affine couplings: every site is shifted and scaled by what a network makes of its neighbours.");
        var two = Extents.Count == 2 && Action == WilsonAction.Kind;
        if (Extents.Count == 2 && Field == GaugeGroup.U1)
            return (two ? "{ kind = \"free-plaquette\" }" : "{ kind = \"haar\" }", "{ kind = \"plaquette-coupling\", count = 16, transform = \"spline\", bins = 6, hidden = [8], activation = \"silu\" }", "Splines of plaquettes; starts from independent plaquettes where they are known, else from uniform links.");
        if (Extents.Count == 2 && Field is GaugeGroup { Order: 2 or 3 })
            return ("{ kind = \"haar\" }", "{ kind = \"spectral-coupling\", count = 16 }", "Splines of the eigenphases of plaquettes, from uniform links. docs/benchmarks/flows.md has multiscale flows, which go further.");
        return ("{ kind = \"haar\" }", "{ kind = \"staple-coupling\", count = 1, degree = 1 }", "Links move along loops of the trivialising flow. Flows of lattices this size are for small couplings: see docs/benchmarks/flows.md.");
    }

    private string SampleText()
    {
        var (configurations, replicas, thermalization, stride) = IsSmall ? (10000, 32, 500, 1) : (400, 4, 200, 5);
        var text = new StringBuilder(string.Create(CultureInfo.InvariantCulture, $"""
            [[sample]]
            sampler = "hmc"         # Hamiltonian trajectories: any action, any field
            integrator = "omelyan2"
            trajectory_length = 1.0
            acceptance = 0.85       # the number of steps is tuned to it during thermalization; steps = 10 fixes it
            configurations = {configurations}   # stored, all replicas together
            replicas = {replicas}           # independent chains
            thermalization = {thermalization}    # transitions of each chain before the first is stored
            stride = {stride}              # transitions from one stored configuration to the next


            """));
        if (HasLinks && Extents.Min() >= Entry.LeastHeatBathExtent(Values().ToDictionary(value => value.Name, value => value.Value)))
        {
            text.Append(CultureInfo.InvariantCulture, $"""
                [[sample]]
                sampler = "heatbath"    # has to agree with the others
                overrelaxation = {(IsSmall ? 1 : 4)}      # sweeps after each of the heat bath
                configurations = {configurations}
                replicas = {replicas}
                thermalization = {thermalization}
                stride = {stride}


                """);
        }

        return text.ToString();
    }

    private string AnalyzeText()
    {
        string[] wanted = HasLinks
            ? ["plaquette", "wilson_loop_1x2", "wilson_loop_2x2", "topological_charge", "topological_charge_squared", "polyakov_re", "polyakov_im", "polyakov_abs", "clover_charge_flow1"]
            : ["phi_squared", "magnetization_squared", "magnetization_abs", "magnetization_fourth", "two_point"];
        var theory = new TheorySettings { Field = Field, Extents = [.. Extents], Action = ActionSettings.With(ActionRegistry.Named(Action)!) };
        var measured = wanted.Where(name => ObservableName.Problem(name, theory) is null).Select(TomlText.Quote);
        return $"""
            [analyze]
            # There are {string.Join(", ", ObservableRegistry.NamesFor(Field))}{(HasLinks ? $" (R, T: numbers),\n# each with {string.Join(", ", ObservableRegistry.Suffixes)} on smeared links" : "")}. Susceptibilities, Creutz ratios and the like are derived from them.
            observables = [{string.Join(", ", measured)}]

            """;
    }
}
