namespace LatticeFlow.Compute.Gpu;

/// <summary>One line of the list of devices: something found, usable or not.</summary>
/// <param name="Selector">What to write after <c>--device</c>: <c>cpu</c>, <c>cuda:0</c>, <c>opencl:1</c>.</param>
/// <param name="Name">What the device or instruction set is called.</param>
/// <param name="Detail">Memory, version, kind, as far as known.</param>
/// <param name="WhyNot">Why it cannot be used; empty where it can.</param>
/// <param name="IsGpu">Whether it is a GPU.</param>
public sealed record DeviceEntry(string Selector, string Name, string Detail, string WhyNot, bool IsGpu)
{
    /// <summary>Whether it can be used.</summary>
    public bool IsUsable => WhyNot.Length == 0;

    /// <summary><c>cuda</c>, <c>opencl</c> or <c>cpu</c>.</summary>
    public string Kind => Selector.Split(':')[0];

    /// <inheritdoc/>
    public override string ToString() => $"{Selector}: {Name}{(Detail.Length > 0 ? ", " + Detail : string.Empty)}{(IsUsable ? string.Empty : " — not usable: " + WhyNot)}";
}
