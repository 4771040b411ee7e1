using LatticeFlow.Fields;
using LatticeFlow.Groups;

namespace LatticeFlow.Flows;

/// <summary>What layers are made of: the values of the options of their kind, and what they will act on.</summary>
/// <param name="Field">The field.</param>
/// <param name="Dimensions">Dimensions of the lattice.</param>
/// <param name="FirstIndex">How many layers of the kind come before in the chain: masks go on from there.</param>
/// <param name="Values">By option; all that apply.</param>
public sealed record LayerArguments(FieldType Field, int Dimensions, int FirstIndex, IReadOnlyDictionary<string, object> Values)
{
    /// <summary>The group of the links.</summary>
    /// <exception cref="NotSupportedException">The field is none.</exception>
    public GaugeGroup Group => GaugeGroup.Of(Field, "a layer of links");

    /// <summary>An integer.</summary>
    public int Integer(string name) => (int)Values[name];

    /// <summary>A number.</summary>
    public double Number(string name) => (double)Values[name];

    /// <summary>A truth value.</summary>
    public bool Boolean(string name) => (bool)Values[name];

    /// <summary>A word.</summary>
    public string Text(string name) => (string)Values[name];

    /// <summary>Integers.</summary>
    public IReadOnlyList<int> Integers(string name) => [.. (IEnumerable<int>)Values[name]];

    /// <summary>Words.</summary>
    public IReadOnlyList<string> Texts(string name) => [.. (IEnumerable<string>)Values[name]];

    /// <summary>The activation of that option.</summary>
    public int Activation => Kernels.Networks.Activation.Named(Text("activation"));

    /// <summary>The index of each of <c>count</c> layers.</summary>
    public IEnumerable<int> Indices => Enumerable.Range(FirstIndex, Integer("count"));
}
