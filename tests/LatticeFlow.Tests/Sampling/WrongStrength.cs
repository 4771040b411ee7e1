using LatticeFlow.Kernels.Lanes;
using LatticeFlow.Sampling;

namespace LatticeFlow.Tests;

/// <summary>A transition for exp(−factor · S): wrong for exp(−S), for the rank test to catch.</summary>
internal sealed class WrongStrength(ITransition inner, double factor) : ITransition
{
    public string Name => inner.Name;

    public ITransitionRun Bind<T>(MarkovState<T> state)
        where T : unmanaged, IReal64<T>
    {
        state.WriteCoefficients([.. Enumerable.Repeat(factor, state.Replicas * state.Action.Components)]);
        return inner.Bind(state);
    }
}
