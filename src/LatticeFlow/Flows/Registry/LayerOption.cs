namespace LatticeFlow.Flows;

/// <summary>One key of a layer in a configuration: its name, type, default and range, and what it means, of which reading, checking and documentation derive.</summary>
/// <param name="Name">The key.</param>
/// <param name="Default">The value where it is left out: an int, double, bool, string, or a list of ints or strings.</param>
/// <param name="Meaning">What it is, for the manual.</param>
public sealed record LayerOption(string Name, object Default, string Meaning)
{
    /// <summary>The least number.</summary>
    public double Minimum { get; init; } = double.NegativeInfinity;

    /// <summary>The largest number.</summary>
    public double Maximum { get; init; } = double.PositiveInfinity;

    /// <summary>The words that a string or a list of strings may be made of.</summary>
    public IReadOnlyList<string> Choices { get; init; } = [];

    /// <summary>Whether a list may be empty.</summary>
    public bool MayBeEmpty { get; init; }

    /// <summary>The option and its value that this one belongs to; null: it always applies.</summary>
    public (string Option, string Value)? When { get; init; }

    /// <summary>What is wrong with a value on a lattice, in words after the key, or null; extents are empty where they are not known.</summary>
    public Func<object, IReadOnlyList<int>, string?>? Rule { get; init; }

    /// <summary>An odd width of the kernels of a network, not wider than the lattice.</summary>
    public static LayerOption Kernel(int fallback, string meaning) => new("kernel", fallback, meaning)
    {
        Minimum = 1,
        Maximum = 31,
        Rule = (value, extents) => (int)value % 2 == 0 ? $"must be odd, so that it has a centre, not {value}"
            : extents.Count > 0 && (int)value > extents.Min() ? $"= {value} is wider than the lattice: at most {extents.Min()}" : null,
    };

    /// <summary>The number of layers.</summary>
    public static LayerOption Count(int fallback, string meaning) => new("count", fallback, meaning) { Minimum = 1, Maximum = 4096 };

    /// <summary>The channels of the hidden layers of a network.</summary>
    public static LayerOption Hidden(IReadOnlyList<int> fallback) =>
        new("hidden", fallback, "channels of the hidden layers of the conditioner network; `[]` has none") { Minimum = 1, Maximum = 1024, MayBeEmpty = true };

    /// <summary>The non-linearity of a network.</summary>
    public static LayerOption Activation(string fallback) => new("activation", fallback, "`\"leaky-relu\"`, `\"silu\"` or `\"tanh\"`") { Choices = ["leaky-relu", "silu", "tanh"] };
}
