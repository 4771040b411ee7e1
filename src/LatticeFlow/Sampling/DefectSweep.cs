using LatticeFlow.Actions;
using LatticeFlow.Compute;
using LatticeFlow.Costs;
using LatticeFlow.Kernels.Lanes;

namespace LatticeFlow.Sampling;

/// <summary>One heat-bath sweep of the links of a box around a defect, and its overrelaxation, at the coefficients of each replica. S is not computed.</summary>
internal sealed class DefectSweep<T> : IDisposable
    where T : unmanaged, IReal64<T>
{
    private readonly MarkovState<T> state;
    private readonly IHeatBathSteps<T> steps;
    private readonly ActionCoefficients<T>? faulty;
    private readonly KernelProgram program;
    private readonly double share;
    private readonly int overrelaxation;

    /// <param name="state">The replicas, whose lanes are replicas.</param>
    /// <param name="defect">The defect.</param>
    /// <param name="level">The box; its sweeps are counted by the caller.</param>
    /// <param name="reversed">Whether all single updates are made in opposite order, which is the time-reversed sweep.</param>
    /// <param name="wrongCoefficients">In a test: all replicas are taken for those of S, with coefficients 1.</param>
    public DefectSweep(MarkovState<T> state, BoundaryDefect defect, DefectLevel level, bool reversed, bool wrongCoefficients = false)
    {
        this.state = state;
        var lattice = state.Action.Lattice;
        bool IsInBox(int link) => defect.IsNear(lattice, link / lattice.Dimensions, level.Margin);
        share = (double)Enumerable.Range(0, lattice.Links).Count(IsInBox) / lattice.Links;
        overrelaxation = level.Overrelaxation;
        if (wrongCoefficients) faulty = new ActionCoefficients<T>(state.Device, state.Layout, state.Action.Components);
        steps = faulty is null ? state.BindHeatBath(IsInBox) : state.Action.BindHeatBath(state.Device, state.Stencil, faulty, IsInBox);
        program = new KernelProgram(state.Shape);
        var updates = new List<Action>();
        for (int sweep = 0; sweep <= level.Overrelaxation; sweep++)
        {
            bool draws = sweep == 0;
            for (int colour = 0; colour < steps.Colours; colour++)
            {
                int c = colour;
                updates.Add(() =>
                {
                    if (draws) steps.AddDraw(program, c, state.Field, state.Key);
                    else steps.AddReflect(program, c, state.Field);
                });
            }
        }

        if (reversed) updates.Reverse();
        foreach (var add in updates) add();
    }

    /// <summary>Makes the sweep.</summary>
    public void Run()
    {
        state.NextKey();
        state.RunWithoutAction(program);
        state.Count(WorkKind.HeatBath, share);
        state.Count(WorkKind.Overrelaxation, overrelaxation * share);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        steps.Dispose();
        faulty?.Dispose();
    }
}
