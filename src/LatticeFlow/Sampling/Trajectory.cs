using LatticeFlow.Actions;
using LatticeFlow.Compute;
using LatticeFlow.Kernels.Lanes;
using LatticeFlow.Kernels.U1;

namespace LatticeFlow.Sampling;

/// <summary>Molecular dynamics dθ/dt = p, dp/dt = −∂S/∂θ as kernel launches.</summary>
public static class Trajectory
{
    /// <summary>
    /// Appends <paramref name="steps"/> steps of an integrator. <paramref name="stepSize"/> is a shared field whose number 0 is ε. Angles are not
    /// wrapped on the way, so that the trajectory runs backwards with the momenta reversed.
    /// </summary>
    public static void Append<T>(KernelProgram program, IIntegrator integrator, int steps, IActionSteps<T> action, Field<T> links, Field<T> momenta, Field<T> stepSize)
        where T : unmanaged, IReal64<T>
    {
        foreach (var part in integrator.Trajectory(steps))
        {
            if (part.Update == IntegratorUpdate.Kick) action.AddForce(program, links, stepSize, part.Coefficient, momenta);
            else program.Add(new Drift<T> { Links = links.View, Momenta = momenta.View, Step = stepSize.View, Coefficient = part.Coefficient }, links.Elements);
        }
    }
}
