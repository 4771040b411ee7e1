using LatticeFlow.Compute;
using LatticeFlow.Kernels;
using LatticeFlow.Kernels.Lanes;
using LatticeFlow.Kernels.Markov;
using LatticeFlow.Kernels.Memory;
using LatticeFlow.Sampling;

namespace LatticeFlow.Tests;

/// <summary>Faults of Hamiltonian Monte Carlo for the rank test to catch. They live in the tests alone.</summary>
internal sealed class HamiltonianFaults : IHamiltonianFault
{
    /// <summary>Momenta are drawn with this width.</summary>
    public double MomentumScale { get; init; } = 1;

    /// <summary>ΔH is taken times this; 0 accepts always.</summary>
    public double DeltaHScale { get; init; } = 1;

    public void AfterMomenta<T>(KernelProgram program, Field<T> momenta)
        where T : unmanaged, IReal64<T> => program.Add(new ScaleMomenta<T> { Momenta = momenta.View, Factor = MomentumScale }, momenta.Elements);

    public void BeforeDecision<T>(KernelProgram program, SumField energies)
        where T : unmanaged, IReal64<T> => program.Add(new ScaleDeltaH<T> { Energies = energies.View, Factor = DeltaHScale }, 1);

    private struct ScaleMomenta<T> : IKernel
        where T : unmanaged, IReal64<T>
    {
        public Reals<T> Momenta;
        public double Factor;

        public void Bind(in Place place) => Momenta = Momenta.At(place);

        public readonly void Execute(int item) => T.Store(Momenta, item, T.Load(Momenta, item) * T.Of(Factor));
    }

    // H(end) → H(start) + factor · ΔH, by way of the kinetic energy, so that S of the state stays true.
    private struct ScaleDeltaH<T> : IKernel
        where T : unmanaged, IReal64<T>
    {
        public Sums Energies;
        public double Factor;

        public void Bind(in Place place) => Energies = Energies.At<T>(place);

        public readonly void Execute(int item)
        {
            T start = T.LoadFrom(Energies, DecideTrajectory<T>.Element.StartKinetic) + T.LoadFrom(Energies, DecideTrajectory<T>.Element.StartAction);
            T action = T.LoadFrom(Energies, DecideTrajectory<T>.Element.EndAction);
            T delta = T.LoadFrom(Energies, DecideTrajectory<T>.Element.EndKinetic) + action - start;
            T.StoreTo(Energies, DecideTrajectory<T>.Element.EndKinetic, start + T.Of(Factor) * delta - action);
        }
    }
}

/// <summary>A leapfrog whose last half-step of the momenta is a whole one.</summary>
internal sealed class LopsidedLeapfrog : IIntegrator
{
    public string Name => "lopsided";

    public int ForcesOfStep => 1;

    public IReadOnlyList<IntegratorPart> Trajectory(int steps)
    {
        var parts = new Leapfrog().Trajectory(steps);
        return [.. parts.SkipLast(1), parts[^1] with { Coefficient = 2 * parts[^1].Coefficient }];
    }
}
