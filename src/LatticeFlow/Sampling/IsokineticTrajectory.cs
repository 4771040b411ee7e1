using LatticeFlow.Actions;
using LatticeFlow.Compute;
using LatticeFlow.Fields;
using LatticeFlow.Kernels.Fields;
using LatticeFlow.Kernels.Lanes;
using LatticeFlow.Kernels.Markov;
using LatticeFlow.Kernels.Memory;
using LatticeFlow.Lattice;

namespace LatticeFlow.Sampling;

/// <summary>Isokinetic dynamics as kernel launches: drifts along momenta of length √d, and kicks that turn them (<see cref="IsokineticTurn{T}"/>).</summary>
internal sealed class IsokineticTrajectory<T> : IDisposable
    where T : unmanaged, IReal64<T>
{
    private readonly IIntegrator integrator;
    private readonly IActionSteps<T> action;
    private readonly IFieldSteps<T> field;
    private readonly double energyFactor;
    private readonly int dimension;
    private readonly int momentaOfLane;
    private readonly Field<T> force;
    private readonly Field<T> one;
    private readonly SumField totals;
    private readonly LatticeSums<T> sums;

    /// <summary>For momenta of <paramref name="dimension"/> numbers in all.</summary>
    public IsokineticTrajectory(IIntegrator integrator, ComputeDevice device, LatticeLayout layout, int dimension, IActionSteps<T> action, IFieldSteps<T> field, double faultyFactor)
    {
        if (dimension < 2) throw new NotSupportedException("\"mchmc\" needs at least two momenta: with one there is no direction to turn.");
        this.integrator = integrator;
        this.action = action;
        this.field = field;
        this.dimension = dimension;
        energyFactor = (dimension - 1) * faultyFactor;
        force = field.NewTangents(Scope.Scratch);
        momentaOfLane = force.Elements;
        one = device.NewShared<T>(1);
        one.WriteShared([1]);
        totals = device.NewSums<T>(layout.Shape, IsokineticSums<T>.Components);
        sums = new LatticeSums<T>(device, layout, momentaOfLane, IsokineticSums<T>.Components);
    }

    /// <summary>Appends: normal numbers become a uniform direction of length √d.</summary>
    public void AddDirection(KernelProgram program, Field<T> momenta)
    {
        field.AddKinetic(program, momenta, totals, 0);
        program.Add(new ScaleToSphere<T> { Momenta = momenta.View, Kinetic = totals.View, Dimension = dimension }, momentaOfLane);
    }

    /// <summary>Appends a trajectory of so many steps of the size in the shared field; (d − 1) Σ ln z is added to <see cref="DecideTrajectory{T}.Element.EndKinetic"/> of the energies.</summary>
    public void Append(KernelProgram program, int steps, Field<T> configurations, Field<T> momenta, Field<T> stepSize, SumField energies)
    {
        foreach (var part in integrator.Trajectory(steps))
        {
            if (part.Update == IntegratorUpdate.Drift)
            {
                field.AddDrift(program, configurations, momenta, stepSize, part.Coefficient);
                continue;
            }

            program.Add(new Clear<T> { Target = force.View }, momentaOfLane);
            action.AddForce(program, configurations, one, 1, force);
            program.Add(new IsokineticSums<T> { Force = force.View, Momenta = momenta.View, Parts = sums.Parts.View, Elements = momentaOfLane }, Chunk.Count(momentaOfLane));
            sums.AddTotal(program, momentaOfLane, totals);
            program.Add(
                new IsokineticTurn<T> { Totals = totals.View, Energies = energies.View, Step = stepSize.View, Coefficient = part.Coefficient, Dimension = dimension, EnergyFactor = energyFactor },
                1);
            program.Add(new CombineTangents<T> { Momenta = momenta.View, Force = force.View, Factors = totals.View }, momentaOfLane);
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        force.Dispose();
        one.Dispose();
        totals.Dispose();
        sums.Dispose();
    }
}
