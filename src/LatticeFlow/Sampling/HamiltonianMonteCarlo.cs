using LatticeFlow.Compute;
using LatticeFlow.Kernels.Lanes;
using LatticeFlow.Kernels.RandomNumbers;

namespace LatticeFlow.Sampling;

/// <summary>
/// Hamiltonian Monte Carlo: momenta p with weight exp(−½p²), a trajectory of H = ½ Σ p² + S, and acceptance with min(1, exp(−ΔH)).
/// </summary>
/// <remarks>
/// Source: S. Duane, A. D. Kennedy, B. J. Pendleton, D. Roweth, Phys. Lett. B 195 (1987) 216. Of trajectories of one length a nearly harmonic mode whose half period fits into it comes back to where it
/// was, up to its sign: its square moves as slowly as a random walk, and an automatic window does not see so long a tail. A <see cref="LengthSpread"/> has no such mode (P. B. Mackenzie, Phys. Lett. B 226 (1989) 369).
/// </remarks>
public sealed class HamiltonianMonteCarlo : ITransition
{
    /// <summary>The most integrator steps that tuning may choose.</summary>
    public const int MostSteps = 1000;

    private HamiltonianMonteCarlo(IReadOnlyList<IntegratorLevel> levels, double trajectoryLength, double targetAcceptance)
    {
        if (levels.Count == 0) throw new ArgumentException("there is at least one time scale.", nameof(levels));
        if (!(trajectoryLength > 0) || !double.IsFinite(trajectoryLength)) throw new ArgumentException($"trajectory_length = {trajectoryLength}: a length is positive.", nameof(trajectoryLength));
        foreach (var level in levels)
        {
            if (level.Steps is < 1 or > MostSteps) throw new ArgumentException($"steps = {level.Steps}: there are 1 to {MostSteps} steps.", nameof(levels));
            if (levels.Count > 1 && level.Parts.Count == 0) throw new ArgumentException("each of several time scales has a part of the action.", nameof(levels));
        }

        Levels = levels;
        TrajectoryLength = trajectoryLength;
        TargetAcceptance = targetAcceptance;
    }

    /// <inheritdoc/>
    public string Name => "hmc";

    /// <summary>The time scales, outermost first.</summary>
    public IReadOnlyList<IntegratorLevel> Levels { get; }

    /// <summary>The integrator of the outermost time scale.</summary>
    public IIntegrator Integrator => Levels[0].Integrator;

    /// <summary>ε · steps.</summary>
    public double TrajectoryLength { get; }

    /// <summary>s: the length of each trajectory is drawn uniformly from (1 ± s) times <see cref="TrajectoryLength"/>, by its step size; 0 keeps it.</summary>
    public double LengthSpread { get; private init; }

    /// <summary>Steps of a trajectory on the outermost time scale, before tuning.</summary>
    public int Steps => Levels[0].Steps;

    /// <summary>The mean acceptance to tune to during thermalisation; NaN for a fixed number of steps.</summary>
    public double TargetAcceptance { get; }

    /// <summary>What a test changes in the algorithm; none outside of tests.</summary>
    internal IHamiltonianFault? Fault { get; private init; }

    /// <summary>A fixed number of steps.</summary>
    /// <exception cref="ArgumentException">The number of steps is impossible, or the length is not positive.</exception>
    public static HamiltonianMonteCarlo Fixed(IIntegrator integrator, double trajectoryLength, int steps) => Fixed([new IntegratorLevel(integrator, steps)], trajectoryLength);

    /// <summary>A fixed number of steps on each of several time scales, outermost first.</summary>
    /// <exception cref="ArgumentException">A number of steps is impossible, the length is not positive, or a time scale has no parts.</exception>
    public static HamiltonianMonteCarlo Fixed(IReadOnlyList<IntegratorLevel> levels, double trajectoryLength) => new(levels, trajectoryLength, double.NaN);

    /// <summary>The number of steps is tuned during thermalisation, so that the mean acceptance over replicas comes close to a target in (0, 1).</summary>
    /// <exception cref="ArgumentException">The target is not in (0, 1), or the length is not positive.</exception>
    public static HamiltonianMonteCarlo Tuned(IIntegrator integrator, double trajectoryLength, double acceptance) =>
        Tuned([new IntegratorLevel(integrator, StepSizeTuner.FirstSteps)], trajectoryLength, acceptance);

    /// <summary>The same with several time scales: steps of the outermost one are tuned, and those of the others stay.</summary>
    /// <exception cref="ArgumentException">The target is not in (0, 1), the length is not positive, or a time scale has no parts.</exception>
    public static HamiltonianMonteCarlo Tuned(IReadOnlyList<IntegratorLevel> levels, double trajectoryLength, double acceptance)
    {
        if (!(acceptance is > 0 and < 1)) throw new ArgumentException($"acceptance = {acceptance}: a target is between 0 and 1.", nameof(acceptance));
        return new(levels, trajectoryLength, acceptance);
    }

    /// <summary>The same with a fault.</summary>
    internal HamiltonianMonteCarlo With(IHamiltonianFault fault) => new(Levels, TrajectoryLength, TargetAcceptance) { Fault = fault, LengthSpread = LengthSpread };

    /// <summary>The same with trajectories of random length.</summary>
    /// <exception cref="ArgumentException">The spread is not in [0, 1).</exception>
    public HamiltonianMonteCarlo WithLengthSpread(double spread)
    {
        if (!(spread is >= 0 and < 1)) throw new ArgumentException($"length_spread = {spread}: a spread is at least 0 and below 1.", nameof(spread));
        return new(Levels, TrajectoryLength, TargetAcceptance) { Fault = Fault, LengthSpread = spread };
    }

    /// <summary>The length of the trajectory of a key: one for all replicas, whatever their states are, since each length alone leaves exp(−S) invariant.</summary>
    internal double Length(in StreamKey key)
    {
        if (LengthSpread == 0) return TrajectoryLength;
        Distribution.Uniform(key.Block(Double1.Word(0), 0, Purpose.TrajectoryLength), out var u, out _);
        return TrajectoryLength * (1 + (LengthSpread * ((2 * u.Value) - 1)));
    }

    /// <summary>Itself: with its accept step it is in detailed balance.</summary>
    public ITransition TimeReversal() => this;

    /// <inheritdoc/>
    public ITransitionRun Bind<T>(MarkovState<T> state)
        where T : unmanaged, IReal64<T> => new HamiltonianRun<T>(this, state);
}

/// <summary>A fault that a test puts into the algorithm, to see that its tests notice.</summary>
internal interface IHamiltonianFault
{
    /// <summary>Called where momenta have been drawn.</summary>
    void AfterMomenta<T>(KernelProgram program, Field<T> momenta)
        where T : unmanaged, IReal64<T>;

    /// <summary>Called before the decision, where the energies stand in the order of <see cref="Kernels.Markov.DecideTrajectory{T}.Element"/>.</summary>
    void BeforeDecision<T>(KernelProgram program, SumField energies)
        where T : unmanaged, IReal64<T>;
}
