using LatticeFlow.Lattice;

namespace LatticeFlow.Fields;

/// <summary>All configurations of a field on a lattice. On the host a configuration is <c>[element][component]</c> and a tangent of it <c>[element][direction]</c>, elements in the order of their sites.</summary>
/// <param name="Type">The field.</param>
/// <param name="Lattice">The lattice.</param>
public sealed record FieldSpace(FieldType Type, LatticeGeometry Lattice)
{
    /// <summary>Elements of a configuration.</summary>
    public int Elements => Type.Elements(Lattice);

    /// <summary>Reals of a configuration.</summary>
    public int Numbers => Type.Numbers(Lattice);

    /// <summary>Numbers of a tangent of a configuration.</summary>
    public int Tangents => Type.Tangents(Lattice);

    /// <summary>Doubles of a configuration in a file.</summary>
    public int StoredNumbers => Elements * Type.StoredNumbers;

    /// <summary>The configuration of a cold start: U = 1, φ = 0.</summary>
    public double[] Start()
    {
        var configuration = new double[Numbers];
        for (int e = 0; e < Elements; e++) Type.SetStart(Element(configuration, e));
        return configuration;
    }

    /// <summary>Moves a configuration along a tangent, see <see cref="FieldType.Retract"/>.</summary>
    public void Retract(Span<double> configuration, ReadOnlySpan<double> tangent)
    {
        Check(configuration.Length, Numbers);
        Check(tangent.Length, Tangents);
        for (int e = 0; e < Elements; e++) Type.Retract(Element(configuration, e), Tangent(tangent, e));
    }

    /// <summary>The tangent from b to a, see <see cref="FieldType.Difference"/>.</summary>
    public void Difference(ReadOnlySpan<double> a, ReadOnlySpan<double> b, Span<double> tangent)
    {
        Check(a.Length, Numbers);
        Check(b.Length, Numbers);
        Check(tangent.Length, Tangents);
        for (int e = 0; e < Elements; e++)
        {
            Type.Difference(
                a.Slice(e * Type.Components, Type.Components), b.Slice(e * Type.Components, Type.Components), tangent.Slice(e * Type.TangentComponents, Type.TangentComponents));
        }
    }

    /// <summary>The largest <see cref="FieldType.Distance"/> of two elements at one place.</summary>
    public double Distance(ReadOnlySpan<double> a, ReadOnlySpan<double> b)
    {
        Check(a.Length, Numbers);
        Check(b.Length, Numbers);
        return Type.Distance(a, b);
    }

    private static void Check(int length, int expected)
    {
        if (length != expected) throw new ArgumentException($"{length} numbers where a configuration or a tangent has {expected}.");
    }

    private Span<double> Element(Span<double> configuration, int e) => configuration.Slice(e * Type.Components, Type.Components);

    private ReadOnlySpan<double> Tangent(ReadOnlySpan<double> tangent, int e) => tangent.Slice(e * Type.TangentComponents, Type.TangentComponents);
}
