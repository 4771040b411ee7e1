using LatticeFlow.Groups;

namespace LatticeFlow.Actions;

/// <summary>S_λ = Σ_k λ_k S^(k) of actions S^(k) made of plaquettes and rectangles: a family whose members differ by their coefficients, which every replica has its own of. S, without coefficients, is Σ_k S^(k).</summary>
public sealed class LoopActionFamily : LoopAction
{
    /// <summary>The family of these components; what its members have in common is said by <paramref name="parameters"/>.</summary>
    /// <exception cref="ArgumentException">No components, or components on different lattices.</exception>
    public LoopActionFamily(string name, GaugeGroup group, IReadOnlyList<LoopCouplings> components, IReadOnlyDictionary<string, double> parameters)
        : base(
            name,
            group,
            components.Count > 0 ? components.Skip(1).Aggregate(components[0], (sum, component) => sum.Plus(component)) : throw new ArgumentException("a family has at least one component.", nameof(components)),
            components,
            parameters)
    {
    }
}
