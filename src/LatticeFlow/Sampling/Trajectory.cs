using LatticeFlow.Actions;
using LatticeFlow.Compute;
using LatticeFlow.Groups;
using LatticeFlow.Kernels.Lanes;

namespace LatticeFlow.Sampling;

/// <summary>Molecular dynamics dU/dt = i P U, dp_a/dt = −∂_a S as kernel launches; U(1): dθ/dt = p.</summary>
public static class Trajectory
{
    /// <summary>
    /// Appends <paramref name="steps"/> steps of an integrator. <paramref name="stepSize"/> is a shared field whose number 0 is ε. Links are not
    /// brought back to the group on the way, so that the trajectory runs backwards with the momenta reversed.
    /// </summary>
    public static void Append<T>(KernelProgram program, IIntegrator integrator, int steps, IActionSteps<T> action, IGroupSteps<T> group, Field<T> links, Field<T> momenta, Field<T> stepSize)
        where T : unmanaged, IReal64<T>
    {
        foreach (var part in integrator.Trajectory(steps))
        {
            if (part.Update == IntegratorUpdate.Kick) action.AddForce(program, links, stepSize, part.Coefficient, momenta);
            else group.AddDrift(program, links, momenta, stepSize, part.Coefficient);
        }
    }
}
