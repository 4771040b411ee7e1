using LatticeFlow.Actions;
using LatticeFlow.Compute;
using LatticeFlow.Compute.RandomNumbers;
using LatticeFlow.Exact;
using LatticeFlow.Fields;
using LatticeFlow.Groups;
using LatticeFlow.Kernels.RandomNumbers;
using LatticeFlow.Lattice;

namespace LatticeFlow.Flows;

/// <summary>
/// Independent configurations of exactly e^{−S}/Z, without a chain: Wilson's action of U(1), SU(2) and SU(3) on a torus of two dimensions. Configurations r of the <see cref="FreePlaquettePrior"/> at the coupling of the
/// action have e^{−S}/r = c/Σ_x e^{−t_x}, t_x = (β/N) Re tr P_x, which is largest where all links are 1; they are taken with the ratio of their e^{−S}/r to that (von Neumann 1951).
/// </summary>
public sealed class ExactDraws : IDisposable
{
    /// <summary>Where fewer candidates than this would be taken, drawing is refused.</summary>
    public const double LeastAcceptance = 1e-3;

    private const int Candidates = 1024;
    private readonly IFlowEngine engine;
    private readonly IActionEvaluator evaluator;
    private readonly double[] candidates;
    private readonly double[] logDensity;
    private readonly double[] energy;
    private readonly double largest;

    private ExactDraws(IFlowEngine engine, IActionEvaluator evaluator, FieldSpace space)
    {
        this.engine = engine;
        this.evaluator = evaluator;
        candidates = new double[(long)engine.Replicas * engine.Numbers];
        logDensity = new double[engine.Replicas];
        energy = new double[engine.Replicas];
        double[] cold = space.Start(), prior = new double[engine.Numbers];
        engine.Inverse(cold, prior, logDensity.AsSpan(0, 1));
        evaluator.Evaluate(cold, energy.AsSpan(0, 1));
        largest = -energy[0] - logDensity[0];
    }

    /// <summary>Draws of an action, or null where there are none: another action, group or number of dimensions, a coupling without a <see cref="FreePlaquettePrior"/>, or too few candidates that would be taken.</summary>
    public static ExactDraws? Of(ComputeDevice device, IAction action)
    {
        if (!Exist(action)) return null;
        var space = new FieldSpace(action.Field, action.Lattice);
        var engine = FlowEngine.Create(device, Precision.Double, new FlowModel([], new FreePlaquettePrior(Coupling(action))), space, Candidates);
        return new(engine, ActionEvaluator.Create(device, action, Candidates), space);
    }

    /// <summary>Whether <see cref="Of"/> gives draws.</summary>
    public static bool Exist(IAction action)
    {
        if (action is not WilsonAction { IsTranslationInvariant: true, Field: GaugeGroup group } || action.Lattice.Dimensions != 2 || !(Coupling(action) > 0)) return false;
        double coupling = Coupling(action);
        if (new FreePlaquettePrior(coupling).Refusal(new FieldSpace(group, action.Lattice)) is not null) return false;
        // ⟨e^{−S}/r⟩_r = Z ≥ b₀^V, and its maximum is e^{κ} b₀^{V−1}.
        double logOne = group == GaugeGroup.U1 ? OneAngle(coupling) : CharacterCoefficients.Of(group.Order, coupling, action.Lattice.Volume).LogTrivial;
        return logOne - coupling > Math.Log(LeastAcceptance);
    }

    /// <summary>
    /// Fills <paramref name="configurations"/>, <c>[n][element][component]</c>, with the first draws of a seed, and <paramref name="action"/> with their S. The same on every device up to rounding.
    /// </summary>
    public void Draw(ulong seed, Span<double> configurations, Span<double> action)
    {
        var random = new HostRandom(seed, Purpose.Accept);
        int taken = 0;
        for (long first = 0; taken < action.Length; first += Candidates)
        {
            engine.Sample(seed, first, candidates, logDensity);
            evaluator.Evaluate(candidates, energy);
            for (int i = 0; i < Candidates; i++)
            {
                double uniform = random.NextUniform();
                if (taken == action.Length || !(Math.Log(uniform) < -energy[i] - logDensity[i] - largest)) continue;
                candidates.AsSpan(i * engine.Numbers, engine.Numbers).CopyTo(configurations[(taken * engine.Numbers)..]);
                action[taken++] = energy[i];
            }
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        engine.Dispose();
        evaluator.Dispose();
    }

    private static double OneAngle(double coupling)
    {
        var open = new OpenTwoDimensionalU1(coupling, 2, 2);
        return open.LogPartitionFunction / open.Plaquettes;
    }

    private static double Coupling(IAction action) => action.Parameters["beta"] * action.Parameters.GetValueOrDefault("anisotropy", 1);
}
