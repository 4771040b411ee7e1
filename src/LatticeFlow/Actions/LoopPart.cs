using LatticeFlow.Groups;

namespace LatticeFlow.Actions;

/// <summary>A part of an action of plaquettes and rectangles, with the parameters of the whole.</summary>
internal sealed class LoopPart(string name, GaugeGroup group, LoopCouplings couplings, IReadOnlyDictionary<string, double> parameters)
    : LoopAction(name, group, couplings, parameters)
{
}
