namespace LatticeFlow.Actions;

/// <summary>An action by name, as a configuration gives it: its parameters and, of a sum, its terms.</summary>
/// <param name="Name">A name of <see cref="ActionRegistry.All"/>, or <see cref="SumAction.Kind"/>.</param>
/// <param name="Parameters">By name; those with a default may be left out.</param>
public sealed record ActionDescription(string Name, IReadOnlyDictionary<string, double> Parameters)
{
    /// <summary>The actions that a sum adds up; empty for all others.</summary>
    public IReadOnlyList<ActionDescription> Terms { get; init; } = [];
}
