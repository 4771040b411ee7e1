using LatticeFlow.Fields;

namespace LatticeFlow.Flows;

/// <summary>What a flow starts from unless it is told otherwise.</summary>
public static class DefaultPrior
{
    /// <summary>Haar measure of links, independent normal numbers of a scalar.</summary>
    public static IFlowPrior Of(FieldType field) => field.Place == FieldPlace.Links ? new HaarPrior() : new NormalPrior();
}
