namespace LatticeFlow.Flows;

/// <summary><c>"continuous"</c>.</summary>
internal static class ContinuousKind
{
    public static LayerKind Kind { get; } = new(
        "continuous",
        "U(1) and SU(N) in any dimension: all links flow by the gradient of a sum of loops, whose coefficients are splines in the time of the flow, from 0 to 1 (Lüscher 2010; Bacchio, Kessel, Schaefer, Vaitl 2023). ln|det| is that of the differential equation, to the order of the method: more steps make it as right as is wanted. Few parameters, for `optimizer = \"gauss-newton\"`, with `estimator = \"plain\"`. Extents are at least `plaquettes` + 1.",
        [
            LayerOption.Count(10, "steps from time 0 to 1"),
            new("plaquettes", 2, "the most plaquettes in a loop, or product of loops: 1 is the Wilson action, 2 the second order of the trivialising flow, 3, in two dimensions only, its third")
            {
                Minimum = 1,
                Maximum = LoopPotential.MostPlaquettes,
                Rule = (value, extents) => extents.Count > 2 && (int)value > 2 ? $"= {value} is for two dimensions: at most 2 here" : null,
            },
            new("pieces", 1, "pieces of equal length that the time is cut into: a coefficient is made of `pieces` + `degree` splines") { Minimum = 1, Maximum = 64 },
            new("degree", 2, "degree of the splines in the time") { Minimum = 0, Maximum = 8 },
            new("method", 3, "order of the Runge–Kutta method") { Minimum = 1, Maximum = 3 },
            new("coupling", 0.0, "β of the Wilson action from the trivialising flow of which, to second order, the coefficients start; `0`: from the identity") { Minimum = 0, Maximum = 1e6 },
        ],
        arguments => ContinuousStep.Layers(new ContinuousSchedule(
            arguments.Group, arguments.Dimensions, arguments.Integer("count"), arguments.Integer("plaquettes"), new TimeSplines(arguments.Integer("pieces") + arguments.Integer("degree"), arguments.Integer("degree")), arguments.Number("coupling"), arguments.Integer("method"))));
}
